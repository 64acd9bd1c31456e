import type { EksReader } from '../../clients/eks/eks-reader.ts';
import type { Ledger } from '../../clients/ledger.ts';
import type { Pauses } from '../../clients/pauses.ts';
import { lockKey, lockKind } from '../../records/lock.ts';
import { clusterLock, type UpgradePlan } from '../../records/upgrade/plan.ts';
import {
  clusterStateKey,
  clusterStateKind,
  reportKind,
  type UpgradeReport,
} from '../../records/upgrade/report.ts';
import { type VerifiedBackup, verifiedBackupKey, verifiedBackupKind } from '../../records/verified-backup.ts';
import type { Clock } from '../../runtime/clock.ts';
import { judgeClusterPause } from '../cluster-pause.ts';
import type { ClusterSubject } from '../cluster-subjects.ts';
import { readUpdates } from '../run/observation.ts';
import { joinBackups } from './backup-gate.ts';
import type { GateFacts } from './judge-gates.ts';

/** Where the gates look. */
export interface GateSources {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly pauses: Pauses;
  readonly eks: Pick<EksReader, 'readCluster' | 'listAddons' | 'listNodeGroups' | 'listUpdates'>;
  readonly clock: Clock;
}

/** Reads everything that the gates in front of a plan ask for. @throws what the reader of EKS throws. */
export const readGateFacts = async (
  plan: UpgradePlan,
  { settings, environments }: Pick<ClusterSubject, 'environments' | 'settings'>,
  { ledger, pauses, eks, clock }: GateSources,
  signal: AbortSignal,
): Promise<GateFacts> => {
  const { cluster: name, environment } = plan;
  const [cluster, addons, nodeGroups, report, backups, lock, pause] = await Promise.all([
    eks.readCluster(name, signal),
    eks.listAddons(name, [], signal),
    eks.listNodeGroups(name, signal),
    readReport(ledger, name),
    readBackups(ledger, [environment, ...environments]),
    ledger.read(lockKind, lockKey(clusterLock(name))),
    judgeClusterPause(pauses, plan, environments),
  ]);
  return {
    plan,
    cluster,
    updates: await readUpdates(eks, name, { addons, nodeGroups }, signal),
    report,
    ...joinBackups(backups),
    backupMaxAgeHours: settings.backupMaxAgeHours,
    window: settings.window,
    pause,
    lock: lock?.value,
    now: clock.now(),
  };
};

/** The last report about a cluster. */
const readReport = async (
  ledger: Pick<Ledger, 'read'>,
  cluster: string,
): Promise<UpgradeReport | undefined> => {
  const state = await ledger.read(clusterStateKind, clusterStateKey(cluster));
  return state && (await ledger.read(reportKind, state.value.report.key))?.value;
};

/** The last verified backup of each of these environments. */
const readBackups = async (
  ledger: Pick<Ledger, 'read'>,
  environments: readonly string[],
): Promise<Map<string, VerifiedBackup | undefined>> => {
  const read = [...new Set(environments)].map(async (environment) => {
    const stored = await ledger.read(verifiedBackupKind, verifiedBackupKey(environment));
    return [environment, stored?.value] as const;
  });
  return new Map(await Promise.all(read));
};
