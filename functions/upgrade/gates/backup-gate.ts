import type { GateOutcome, UpgradePlan } from '../../records/upgrade/plan.ts';
import type { VerifiedBackup } from '../../records/verified-backup.ts';
import { passGate, passOver } from './gate.ts';

/** Clocks of two machines may be this far apart. Minutes. */
const CLOCK_SKEW_MINUTES = 5;

/** The verified backups of everybody who lives on a cluster, as far as they count together. */
export interface ClusterBackup {
  /** The oldest of them; absent when one environment has none. */
  readonly backup: VerifiedBackup | undefined;
  /** Environments that have none. */
  readonly unbacked?: readonly string[];
}

/** An upgrade moves everybody who lives on a cluster, so what counts is the one that would lose most. */
export const joinBackups = (
  backups: ReadonlyMap<string, VerifiedBackup | undefined>,
): Required<ClusterBackup> => {
  const unbacked = [...backups].flatMap(([environment, backup]) => (backup ? [] : [environment]));
  const [oldest] = [...backups.values()]
    .flatMap((backup) => backup ?? [])
    .toSorted((a, b) => Date.parse(a.takenAt) - Date.parse(b.takenAt));
  return { backup: unbacked.length === 0 ? oldest : undefined, unbacked };
};

/**
 * Is there a verified backup that is young enough? A control plane that went ahead takes no data back with it. Of
 * another tool's backup we know only what the person says who names it.
 */
export const judgeBackupGate = (
  plan: UpgradePlan,
  { backup, unbacked = [] }: ClusterBackup,
  maxAgeHours: number,
  now: Date,
): GateOutcome => {
  const { recoveryPoint, by } = plan.request;
  const candidates = [
    ...(backup
      ? [
          {
            what: `the backup ${backup.set} of ${backup.environment}, verified at ${backup.verifiedAt} by ${backup.by},`,
            takenAt: backup.takenAt,
          },
        ]
      : []),
    ...(recoveryPoint
      ? [
          {
            what: `the recovery point ${recoveryPoint.name}, named by ${by},`,
            takenAt: recoveryPoint.takenAt,
          },
        ]
      : []),
  ];
  const judged = candidates.map(({ what, takenAt }) => ({ what, ...judgeAge(takenAt, maxAgeHours, now) }));
  const good = judged.find(({ ok }) => ok);
  if (good) return passGate('backup', `${good.what} ${good.reason}`);
  const text =
    judged.length === 0
      ? `there is no verified backup${unbacked.length === 0 ? '' : ` of ${unbacked.join(', ')}`}, and no recovery point was named`
      : judged.map(({ what, reason }) => `${what} ${reason}`).join('; ');
  return passOver('backup', [{ name: 'backup', text }], plan.request);
};

const judgeAge = (takenAt: string, maxAgeHours: number, now: Date): { ok: boolean; reason: string } => {
  const hours = (now.getTime() - Date.parse(takenAt)) / 3_600_000;
  if (hours * 60 < -CLOCK_SKEW_MINUTES)
    return { ok: false, reason: `is of ${takenAt}, which is yet to come` };
  const age = `is ${Math.max(0, Math.round(hours * 10) / 10)} hours old`;
  return hours <= maxAgeHours
    ? { ok: true, reason: age }
    : { ok: false, reason: `${age}, and ${maxAgeHours} are allowed` };
};
