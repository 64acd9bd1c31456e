import type * as z from 'zod';
import { type ArchiveAddress, type ArchiveStore, openArchiveStore } from '../clients/archive-store.ts';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { readSourceBucket } from '../clients/source-bucket.ts';
import type { BackupSet } from '../records/backup/set.ts';
import { MAX_VERIFY_SLICES } from '../records/backup/slices.ts';
import type { Verification } from '../records/backup/verification.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { type BackupSubject, findBackup, listPolicies } from './backup-subject.ts';
import type { SetStore } from './sets/set-store.ts';
import { concludeSet, type Finding } from './verify/conclude-set.ts';
import { lookAgainAt } from './verify/current-version.ts';
import { type FactSources, gatherEarlier, gatherKnown, readFacts } from './verify/gather-facts.ts';
import { composeKnown } from './verify/known-of-backup.ts';
import { locateSetArchive, notedChecksum } from './verify/noted-archive.ts';
import { obstacleOf } from './verify/obstacles.ts';
import { judgeOtherParts } from './verify/part-judgement.ts';
import { readProgress, readSlice } from './verify/read-slice.ts';
import { findVerifiable, needsLook } from './verify/verifiable-set.ts';
import type { KnownOfBackup } from './verify/verification-record.ts';
import { chooseReading, type EndedVerification } from './verify/verification-run.ts';
import { concludeUnread, type VerifyRequest } from './verify/verify-archive.ts';
import { sayProgress } from './verify/verify-words.ts';
import * as contract from './verify-set.contract.ts';
import { wireSets } from './wiring.ts';

/** Milliseconds that are left to judge, write and answer when the reading stops; reads under way take some of them. */
const CLOSING_MS = 45_000;

/**
 * Of a compressed dump, in bytes. A dump gets a Lambda of its own when it needs one: 15 minutes, of
 * which it inflates 40 MB a second for eleven.
 */
export const DUMP_READ_LIMIT = 24 * 1024 ** 3;

interface Deps extends FactSources {
  readonly ledger: Ledger;
  readonly sets: Pick<SetStore, 'read' | 'list' | 'change'>;
  readonly clock: Clock;
  readonly subjectOf: (
    set: BackupSet,
  ) => Pick<BackupSubject, 'policy' | 'settings' | 'policySettings' | 'region'>;
  /** Bytes of a compressed dump that is read to its end. */
  readonly dumpReadLimit: number;
  readonly openStore: (address: ArchiveAddress) => ArchiveStore;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Reads on in the archive of a set, for as long as this Lambda lasts, and at the end of it judges the set: by what lies in
 * the archive, by its other parts, and by its secrets. How far it came lies in the ledger, so that any other call goes on.
 *
 * @throws RefusedError `backup.no-set`, `backup.other-policy`, `backup.not-verifiable` for a set that is being made, failed
 * or is deleted; `backup.unknown` for an environment that drydock.yaml does not back up.
 * @throws TransientError of S3 that does not answer for minutes; what was read before that is kept.
 */
export const run = async (
  input: Input,
  deps: Deps,
  { signal, remainingMs }: Pick<Invocation, 'signal' | 'remainingMs'>,
): Promise<Output> => {
  const { execution } = input;
  const { clock } = deps;
  const until = new Date(clock.now().getTime() + remainingMs() - CLOSING_MS);
  const set = await findVerifiable(input.set, deps);
  const slices = input.slices + 1;
  const { environment, policy, id } = set;
  const about = { set: { environment, policy, id }, slices };
  const answer = ({ verdict: outcome, message, found, record }: EndedVerification): Output => ({
    ...about,
    outcome,
    message,
    found,
    record,
  });
  const there = chooseReading((await readProgress(set, deps))?.value, execution, clock.now());
  if (there.kind === 'answered') return answer(there.by);

  const subject = deps.subjectOf(set);
  const facts = await readFacts(set, subject, deps);
  if (!input.looked && needsLook(facts, execution)) {
    const message = 'The parts beside the archive are looked at again first.';
    return { ...about, outcome: 'look-first', message, found: 0 };
  }
  const conclude = async (known: KnownOfBackup, finding: Partial<Finding> = {}): Promise<Output> => {
    const others = judgeOtherParts(set, subject, known, clock.now());
    const startedAt = clock.now().toISOString();
    const reasons = [...(finding.reasons ?? []), ...others];
    return answer(await concludeSet({ set, execution, startedAt, known, ...finding, reasons }, deps));
  };
  if (set.kind === 'native') return conclude(composeKnown(facts, {}));

  const known = await gatherKnown(facts, deps, signal);
  const { bucket, region = subject.region } = subject.settings.destination;
  const address = { ...locateSetArchive(set, bucket), region };
  const archive: Omit<VerifyRequest, 'from'> = {
    bucket: address.bucket,
    key: address.key,
    expectation: {
      skipped: known.skipped,
      databases: known.databases,
      repositoriesServerSide: known.repositoriesServerSide,
      sources: known.sources,
      gitlabVersion: set.gitlabVersion,
      startedAt: facts.job?.startedAt ?? set.startedAt,
      earlier: await gatherEarlier(set, deps),
      checksum: notedChecksum(set),
      dumpReadLimit: deps.dumpReadLimit,
      acceptUnreadDumps: known.acceptUnreadDumps,
    },
    known: { ...(known.log ? { log: known.log } : {}), ...countServerSide(set) },
  };
  const end = (read: Verification, unanswered = false): Promise<Output> => {
    const { startedAt, reasons } = read;
    const jobStartedAt = facts.job?.startedAt;
    return conclude(known, { startedAt, reasons, archive: read, jobStartedAt, unanswered });
  };
  if (input.failure) {
    const from = there.kind === 'go-on' ? there.from : undefined;
    return end(concludeUnread({ ...archive, from }, obstacleOf(input.failure), clock), true);
  }
  const lookAgain = lookAgainAt(() => deps.openStore({ bucket: address.bucket, key: address.key, region }));
  const slice = await readSlice(
    { set, execution, archive: { ...archive, lookAgain }, until, signal },
    { ledger: deps.ledger, clock, store: deps.openStore(address) },
  );
  if (slice.state === 'answered') return answer(slice.by);
  if (slice.state === 'done') return end(slice.verification);
  if (slices >= MAX_VERIFY_SLICES) {
    return end(concludeUnread({ ...archive, from: slice.checkpoint }, undefined, clock));
  }
  return { ...about, outcome: 'unfinished', message: sayProgress(slice.checkpoint), found: 0 };
};

/** Repositories that Gitaly wrote into its own bucket, where that was asked of it. */
const countServerSide = ({
  parts,
}: BackupSet): Pick<NonNullable<VerifyRequest['known']>, 'serverSideProjects'> => {
  const [projects] = parts.flatMap((part) => (part.kind === 'gitaly' ? (part.projects ?? []) : []));
  return projects === undefined ? {} : { serverSideProjects: projects };
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      ledger,
      sets: wireSets(ledger),
      clock: systemClock,
      // A policy may be gone from drydock.yaml while its sets are kept; where they lie, all policies have in common.
      subjectOf: ({ environment, policy }: BackupSet) => {
        const names = listPolicies(readConfiguration(), environment);
        return findBackup(readConfiguration(), environment, names.includes(policy) ? policy : names[0]);
      },
      openStore: openArchiveStore,
      dumpReadLimit: DUMP_READ_LIMIT,
      readSourceBucket,
    };
  },
  run,
});
