import { expectMinutes } from '../expected-size.ts';
import type { DatabaseFact, PreflightFacts } from '../facts.ts';
import {
  definePreflightRule,
  notChecked,
  type PreflightVerdict,
  pass,
  refuse,
  warn,
} from '../preflight-rule.ts';
import { overlapsWindow } from '../rds-window.ts';

/**
 * What RDS itself will do with the database while the dump runs.
 *
 * Source: Amazon RDS User Guide, "Backup window" (I/O may be suspended for a moment) and "The Amazon RDS maintenance
 * window" (pending maintenance may restart the instance).
 */
export const databaseWindow = definePreflightRule({
  code: 'database-window',
  title: 'RDS leaves the database alone while it is dumped',
  ifUnknown: 'go-on',
  concerns: 'run',
  fact: ({ database }) => database,
  learn: 'Give this function rds:DescribeDBInstances and rds:DescribePendingMaintenanceActions.',
  judge: (database, facts) => {
    if (database === undefined) return [pass('The database is not one of RDS, which has no windows.')];
    const found = [...judgeMaintenance(database, facts), ...judgeBackup(database, facts)];
    return found.length > 0 ? found : [pass('No window of RDS falls into the expected run.')];
  },
});

/** How long it runs is known from earlier runs; of a first one only its begin is. */
const runOf = ({ history }: PreflightFacts): number =>
  history.known ? (expectMinutes(history.value) ?? 0) : 0;

const judgeMaintenance = (
  { identifier, maintenanceWindow, pendingMaintenance }: DatabaseFact,
  facts: PreflightFacts,
): PreflightVerdict[] => {
  if (maintenanceWindow === undefined) {
    return [notChecked(`The maintenance window of ${identifier} is not known.`, 'Look at it in RDS.')];
  }
  const overlap = overlapsWindow(maintenanceWindow, facts.now, runOf(facts));
  if (overlap === undefined) {
    return [notChecked(`The maintenance window of ${identifier} can not be read.`, 'Look at it in RDS.')];
  }
  if (!overlap) return [];
  const move = 'Move the schedule of the policy, or the maintenance window of RDS.';
  const what = `The maintenance window of ${identifier} (${maintenanceWindow} UTC) falls into this run`;
  return pendingMaintenance.length > 0
    ? [refuse(`${what}, and RDS will use it: ${pendingMaintenance.join(', ')}.`, move)]
    : [warn(`${what}; nothing is pending now.`, move)];
};

const judgeBackup = (
  { identifier, backupWindow }: DatabaseFact,
  facts: PreflightFacts,
): PreflightVerdict[] => {
  // None where automated backups are off, which is for others to judge.
  if (backupWindow === undefined) return [];
  const overlap = overlapsWindow(backupWindow, facts.now, runOf(facts));
  if (overlap === undefined) {
    return [notChecked(`The backup window of ${identifier} can not be read.`, 'Look at it in RDS.')];
  }
  const message = `The backup window of ${identifier} (${backupWindow} UTC) falls into this run; both take longer.`;
  return overlap ? [warn(message, 'Move the schedule of the policy behind that window.')] : [];
};
