import type { MarkProgress } from '../../records/backup/mark-progress.ts';
import type { ReleaseFacts } from '../../records/backup/release-facts.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import { listOff } from '../marks/expected-parts.ts';
import type { JobFact } from '../run/job-fact.ts';
import type { SourceState } from './expectation.ts';
import type { Part } from './parts.ts';
import type { KnownOfBackup } from './verification-record.ts';

/** What a verification goes by besides the archive itself. */
export interface BackupFacts {
  readonly set: BackupSet;
  /** What the policy leaves to the versions of buckets, as the configuration has it now. */
  readonly versions: readonly string[];
  /** The policy accepts dumps that are too large to be read to their end, as the configuration has it now. */
  readonly acceptUnreadDumps: boolean;
  /** Recovery points that drydock.yaml names now. */
  readonly recoveryPoints: readonly { readonly vault: string; readonly resource: string }[];
  readonly job?: JobFact | undefined;
  readonly marks?: MarkProgress | undefined;
  readonly release?: ReleaseFacts | undefined;
  /** Of the verification before. */
  readonly before?: KnownOfBackup | undefined;
}

/** The bucket of a part that is asked whether there was anything to back up. */
export interface SourceQuestion {
  readonly part: Part;
  readonly bucket: string;
  readonly region?: string;
  /** Its component is switched off: there may be no such bucket, and no right to it. */
  readonly off: boolean;
}

/** Facts of the run first, since they were true then; what was known at the verification before; the manifest last. */
export const composeKnown = (facts: BackupFacts, asked: KnownOfBackup['sources']): KnownOfBackup => {
  const { set, versions, recoveryPoints, job, marks, release, before } = facts;
  const off = marks?.off ?? listOff(release) ?? before?.off;
  const problems = marks?.problems ?? before?.problems;
  const log = (job && readLog(job)) ?? before?.log;
  // Accepted once, always: what a policy says later speaks against no set that counted.
  const acceptUnreadDumps = facts.acceptUnreadDumps || before?.acceptUnreadDumps === true;
  return {
    skipped: job?.skipped ?? before?.skipped ?? [...new Set([...set.skip, ...versions])],
    databases: databasesOf(facts),
    repositoriesServerSide: job?.repositoriesServerSide ?? before?.repositoriesServerSide ?? false,
    recoveryPoints: before?.recoveryPoints ?? [...recoveryPoints],
    sources: { ...switchedOff(facts), ...asked, ...settled(before) },
    ...(acceptUnreadDumps ? { acceptUnreadDumps } : {}),
    ...(log === undefined ? {} : { log }),
    ...(off === undefined ? {} : { off }),
    ...(problems === undefined ? {} : { problems }),
  };
};

/** Of a log of which the end is missing nobody knows how many repositories were written behind it. */
const readLog = ({ log }: JobFact): KnownOfBackup['log'] => {
  const { repositories, ...evidence } = log.evidence;
  return log.complete && repositories ? { ...evidence, repositories } : evidence;
};

/** There is no GitLab without the main one. */
const databasesOf = ({ release, before }: BackupFacts): string[] =>
  release?.state === 'read'
    ? [...new Set(['main', ...release.databases.map(({ name }) => name)])]
    : (before?.databases ?? ['main']);

/** Without a bucket there is nothing to ask. */
const switchedOff = ({ release }: BackupFacts): KnownOfBackup['sources'] =>
  release?.state === 'read'
    ? Object.fromEntries(
        release.components.flatMap(({ component, on, bucket }) =>
          on || bucket !== undefined ? [] : [[component, 'empty' as const]],
        ),
      )
    : {};

/** Answers that do not change any more. */
const settled = (before: KnownOfBackup | undefined): KnownOfBackup['sources'] =>
  Object.fromEntries(Object.entries(before?.sources ?? {}).filter(([, state]) => state !== 'unknown'));

/**
 * Which buckets are asked: of parts that were to be backed up, and of which nobody knows yet. Buckets of another cloud, or
 * behind another endpoint than that of AWS, are out of reach and stay unknown.
 */
export const listQuestions = (facts: BackupFacts): SourceQuestion[] => {
  const { release, before } = facts;
  if (release?.state !== 'read' || release.backend !== 's3') return [];
  const { skipped } = composeKnown(facts, {});
  const known = settled(before);
  return release.components.flatMap(({ component, on, bucket }) => {
    if (bucket === undefined || skipped.includes(component) || known[component] !== undefined) return [];
    const store = component === 'registry' ? release.registryStore : release.store;
    const isAws = (store?.provider ?? 'AWS') === 'AWS' && store?.endpoint === undefined;
    if (!isAws) return [];
    return [
      { part: component, bucket, off: !on, ...(store?.region === undefined ? {} : { region: store.region }) },
    ];
  });
};

/** What an answer means, or the lack of one: `code` is that of the error. What is off holds nothing that is in use. */
export const readAnswer = (
  { off }: Pick<SourceQuestion, 'off'>,
  answer: SourceState | { readonly code: string },
): SourceState => {
  if (typeof answer === 'string') return answer;
  return off && answer.code !== 'archive.unavailable' ? 'empty' : 'unknown';
};
