import { definePreflightRule, notChecked, pass, refuse, warn } from '../preflight-rule.ts';

/**
 * States in which an instance answers, and nothing is about to restart it.
 *
 * Source: Amazon RDS User Guide, "Viewing Amazon RDS DB instance status".
 */
const READY: readonly string[] = [
  'available',
  'storage-optimization',
  'storage-initialization',
  'configuring-enhanced-monitoring',
  'configuring-log-exports',
];

/** A dump of hours ends in an error when its database restarts, and the tool may end green all the same. */
export const databaseReady = definePreflightRule({
  code: 'database-ready',
  title: 'The database is available',
  ifUnknown: 'go-on',
  concerns: 'run',
  fact: ({ database }) => database,
  learn: 'Give this function rds:DescribeDBInstances.',
  judge: (database) => {
    if (database === undefined) {
      const message = 'The database is not one of RDS, so nobody here knows its state.';
      return [notChecked(message, 'Look at it by hand, or see the verification of the backup.')];
    }
    const { identifier, status } = database;
    if (READY.includes(status)) return [pass(`${identifier} is ${status}.`)];
    if (status === 'backing-up') {
      return [
        warn(
          `RDS backs ${identifier} up right now; both will take longer.`,
          'Move the schedule of the policy behind the backup window of RDS.',
        ),
      ];
    }
    return [
      refuse(
        `${identifier} is ${status}: a dump would not begin, or break off.`,
        'Wait until it is available; the policy runs again on its schedule.',
      ),
    ];
  },
});
