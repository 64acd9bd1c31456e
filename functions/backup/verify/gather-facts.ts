import pMap from 'p-map';
import type { Ledger } from '../../clients/ledger.ts';
import type { SourceBucket } from '../../clients/source-bucket.ts';
import { markProgressKind } from '../../records/backup/mark-progress.ts';
import { releaseFactsKind } from '../../records/backup/release-facts.ts';
import { backupRunKey } from '../../records/backup/run.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import { RefusedError, TransientError } from '../../runtime/errors.ts';
import type { BackupSubject } from '../backup-subject.ts';
import type { Policy } from '../marks/expected-parts.ts';
import { jobFactKind } from '../run/job-fact.ts';
import type { SetStore } from '../sets/set-store.ts';
import { chooseEarlier, describeEarlier } from './earlier-archives.ts';
import type { EarlierArchive, SourceState } from './expectation.ts';
import {
  type BackupFacts,
  composeKnown,
  listQuestions,
  readAnswer,
  type SourceQuestion,
} from './known-of-backup.ts';
import { type KnownOfBackup, verificationRecordKind } from './verification-record.ts';

/** Everything that a verification goes by and that does not lie in the archive. */

/** Buckets asked, and manifests read, at once. */
const AT_ONCE = 4;

export interface FactSources {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly sets: Pick<SetStore, 'read' | 'list'>;
  readonly readSourceBucket: (bucket: SourceBucket, signal?: AbortSignal) => Promise<SourceState>;
}

/** The facts of the run, as far as they lie there still; what the verification before went by. */
export const readFacts = async (
  set: BackupSet,
  { policy, settings, policySettings }: Pick<BackupSubject, 'policy'> & Policy,
  { ledger }: Pick<FactSources, 'ledger'>,
): Promise<BackupFacts> => {
  const record = set.verification?.record;
  const [job, release, marks, before] = await Promise.all([
    ledger.read(jobFactKind, backupRunKey(set, 'job')),
    ledger.read(releaseFactsKind, backupRunKey(set, 'release')),
    ledger.read(markProgressKind, backupRunKey(set, 'marks')),
    record === undefined ? undefined : ledger.read(verificationRecordKind, record),
  ]);
  return {
    set,
    versions: policySettings.versions,
    // Of a policy that is gone from drydock.yaml the place alone is known, and nobody accepts anything for it.
    acceptUnreadDumps: policy === set.policy && policySettings.acceptUnreadDumps,
    recoveryPoints: settings.recoveryPoints,
    job: job?.value,
    release: release?.value,
    marks: marks?.value,
    before: before?.value.known,
  };
};

/** What is known of the time of the backup; buckets of which nobody knows yet are asked for what lay in them then. */
export const gatherKnown = async (
  facts: BackupFacts,
  { readSourceBucket }: Pick<FactSources, 'readSourceBucket'>,
  signal: AbortSignal,
): Promise<KnownOfBackup> => {
  const before = new Date(facts.job?.startedAt ?? facts.set.startedAt);
  const ask = async ({ bucket, region, off }: SourceQuestion): Promise<SourceState> => {
    try {
      return readAnswer({ off }, await readSourceBucket({ bucket, region, before }, signal));
    } catch (error) {
      // What can not be asked is not known, and the verification says of what it could not explain.
      if (!(error instanceof RefusedError || error instanceof TransientError)) throw error;
      return readAnswer({ off }, error);
    }
  };
  const answers = await pMap(
    listQuestions(facts),
    async (question) => [question.part, await ask(question)] as const,
    { concurrency: AT_ONCE },
  );
  return composeKnown(facts, Object.fromEntries(answers));
};

/** What the archives before it were like. */
export const gatherEarlier = async (
  set: BackupSet,
  { sets }: Pick<FactSources, 'sets'>,
): Promise<EarlierArchive[]> => {
  const { environment, policy } = set;
  const entries = chooseEarlier(set, await sets.list(environment, policy));
  const manifests = await pMap(entries, ({ id }) => sets.read({ environment, id }), { concurrency: AT_ONCE });
  return manifests.flatMap((manifest) => (manifest ? describeEarlier(manifest) : []));
};
