import { type ReleaseFacts, releaseFactsKind } from '../../records/backup/release-facts.ts';
import { backupRunKey, type SetReference } from '../../records/backup/run.ts';
import type { BackupSubject } from '../backup-subject.ts';
import { probeRecordKind, readProbeFact } from '../probe/probe-record.ts';
import type { Known, PreflightFacts } from './facts.ts';
import { known, learnSurely } from './learn.ts';
import { type AccountSources, learnAccount } from './learn-account.ts';
import { type ClusterSources, learnCluster } from './learn-cluster.ts';
import { type LedgerSources, learnLedger } from './learn-ledger.ts';
import { judgeServerVersion } from './server-version.ts';

/** Everything that a preflight asks. */
interface PreflightSources extends ClusterSources, AccountSources, LedgerSources {}

/**
 * Gathers what a preflight judges, all at once. What can not be learned says why; it does not keep the rest from being
 * learned.
 *
 * @throws TransientError while the ledger does not answer, or the cluster of what decides whether a run may begin.
 */
export const gatherFacts = async (
  subject: BackupSubject,
  set: SetReference,
  sources: PreflightSources,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<PreflightFacts> => {
  const { ledger } = sources;
  const [release, probe] = await Promise.all([
    learnSurely(
      async () => (await ledger.read(releaseFactsKind, backupRunKey(set, 'release')))?.value,
      signal,
    ),
    learnSurely(async () => (await ledger.read(probeRecordKind, backupRunKey(set, 'probe')))?.value, signal),
  ]);
  const read = valueOf(release);
  const [cluster, account, written] = await Promise.all([
    learnCluster(subject, read, sources, signal),
    learnAccount(subject, read, sources, { now, signal }),
    learnLedger(subject, set, sources, signal),
  ]);
  const { settings } = subject;
  return {
    now,
    cluster: subject.cluster,
    namespace: settings.namespace,
    release: settings.release,
    backupId: set.id,
    backupRole: settings.role,
    wishedLock: { mode: settings.lock.mode, days: settings.lock.days },
    probe: probe.known ? readProbeFact(probe.value) : probe,
    ...cluster,
    values: withServerVersion(cluster.values, account.database, read),
    ...account,
    ...written,
  };
};

const withServerVersion = (
  values: PreflightFacts['values'],
  database: PreflightFacts['database'],
  release: ReleaseFacts | undefined,
): PreflightFacts['values'] => {
  const version = valueOf(database)?.version;
  if (!values.known || version === undefined) return values;
  return known(judgeServerVersion(values.value, version, release));
};

const valueOf = <T>(found: Known<T | undefined>): T | undefined => (found.known ? found.value : undefined);
