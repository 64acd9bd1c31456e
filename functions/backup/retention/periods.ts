import { DateTime, IANAZone } from 'luxon';
import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import type { BackupPolicy } from '../../records/configuration/backup-policy.ts';

/** Grandfather, father, son: the last set of each of so many days, weeks and months. */

type Gfs = BackupPolicy['retention']['gfs'];

/** ISO weeks, Monday to Sunday, named with the year that most of their days are in. */
const PERIODS = [
  { name: 'daily', word: 'day', format: 'yyyy-MM-dd' },
  { name: 'weekly', word: 'week', format: "kkkk-'W'WW" },
  { name: 'monthly', word: 'month', format: 'yyyy-MM' },
] as const satisfies readonly { name: keyof Gfs; word: string; format: string }[];

/**
 * Which sets are kept as the last of a period, each with its reason. Periods begin at midnight in the zone of the
 * policy, and only those count in which there is a set: a week without backups does not push an older one out.
 *
 * @param verified newest first.
 */
export const keepByPeriod = (
  verified: readonly BackupSetEntry[],
  gfs: Gfs,
  timeZone: string,
): Map<string, string> => {
  // An invalid zone would put all sets into one period, and delete all but one.
  const zone = IANAZone.isValidZone(timeZone) ? timeZone : 'utc';
  const reasons = new Map<string, string>();
  for (const { name, word, format } of PERIODS.toReversed()) {
    for (const [period, id] of lastOfPeriods(verified, zone, format).slice(0, gfs[name])) {
      reasons.set(id, `It is the last verified set of the ${word} ${period}.`);
    }
  }
  return reasons;
};

/** Newest period first. */
const lastOfPeriods = (
  verified: readonly BackupSetEntry[],
  zone: string,
  format: string,
): [string, string][] => {
  const last = new Map<string, string>();
  for (const { id, takenAt } of verified) {
    const period = DateTime.fromISO(takenAt, { zone }).toFormat(format);
    if (!last.has(period)) last.set(period, id);
  }
  return [...last];
};
