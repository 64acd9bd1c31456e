import type { BackupSet } from '../../functions/records/backup/set.ts';
import { buildEntry, hoursAgo } from './backup-sets.ts';
import { buildKept } from './backup-upkeep.ts';
import { createUpkeepSite } from './upkeep-site.ts';

/** A night of upkeep with one young set and two old ones. */

const DAY = 24;
export const young = buildEntry(DAY, { verifiedAt: hoursAgo(1).toISOString() });
export const old = buildEntry(40 * DAY, { verifiedAt: hoursAgo(1).toISOString() });
export const older = buildEntry(50 * DAY, { verifiedAt: hoursAgo(1).toISOString() });
export const archive = (id: string) => `production-backups/${id}_gitlab_backup.tar@v1`;
export const keep = (retention: object = { days: 14, count: 1 }) =>
  buildKept({ production: { daily: { retention } } });

/** A night in which two old sets are to go. */
export const createNight = async (environments = keep(), changes: Partial<BackupSet> = {}) => {
  const site = createUpkeepSite(environments);
  await site.add([young]);
  await site.add([old, older], changes);
  await site.watch();
  return site;
};
