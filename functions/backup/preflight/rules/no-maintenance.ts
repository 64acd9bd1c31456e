import { definePreflightRule, pass, refuse } from '../preflight-rule.ts';

/** An upgrade moves nodes and pods, the one of the backup among them; what it dumps meanwhile is of two versions. */
export const noMaintenance = definePreflightRule({
  code: 'no-maintenance',
  title: 'Nobody works on the cluster',
  ifUnknown: 'stop',
  concerns: 'run',
  fact: ({ maintenance }) => maintenance,
  learn: 'Look whether the ledger can be read.',
  judge: (maintenance, { now, cluster }) => {
    if (maintenance === undefined || Date.parse(maintenance.until) <= now.getTime()) {
      return [pass(`Nobody works on cluster ${cluster}.`)];
    }
    const { why, owner, until } = maintenance;
    return [
      refuse(
        `Cluster ${cluster} is under maintenance until ${until}: ${why} (${owner}).`,
        'Wait for its end; an upgrade makes a backup of its own before it begins.',
      ),
    ];
  },
});
