import { createHash } from 'node:crypto';
import type { Execution } from '../../records/execution.ts';
import type { Notice } from '../../records/message.ts';
import { linkExecution } from '../../rules/console-link.ts';

/** The notice about a cluster of which no report could be made; once a day, however often it is tried. */
export const composeUncheckedNotice = (unchecked: {
  readonly cluster: string;
  readonly environments: readonly string[];
  readonly reason: string;
  readonly execution: Execution;
  readonly now: Date;
}): Notice => {
  const { cluster, environments, reason, execution, now } = unchecked;
  // A cluster's name may take 100 characters, the id of a notice 128.
  const short = createHash('sha256').update(cluster).digest('hex').slice(0, 8);
  return {
    version: 1,
    id: `upgrade-unchecked-${cluster.slice(0, 70)}-${short}-${now.toISOString().slice(0, 10)}`,
    capability: 'upgrade',
    target: 'none',
    environment: environments[0] ?? 'none',
    outcome: 'not-checked',
    severity: 'warning',
    happened: `Cluster ${cluster} could not be checked for its next upgrade.`,
    matters: `Whoever looks after ${environments.join(', ')}: what would break there is not known today.`,
    did: 'Kept the last report; the next check tries again.',
    next: 'Read the reason below, and run npm run doctor.',
    execution: { ...execution, url: linkExecution(execution.arn) },
    stop: 'Without its section upgrade in drydock.yaml nothing is checked any more: npm run deploy',
    reasons: [reason],
    at: now.toISOString(),
  };
};
