import type { Execution } from '../../records/execution.ts';
import type { FailedExecution } from '../../records/failed-execution.ts';
import type { Notice } from '../../records/message.ts';
import { linkExecution } from '../../rules/console-link.ts';
import { describeFailure, FAILED_STATUS } from '../../rules/failed-execution.ts';

/** The notice about an execution of this capability, other than a backup's, that failed or was stopped. */
export const composeFailureNotice = (failure: FailedExecution, execution: Execution, now: Date): Notice => {
  const machine = failure.stateMachineArn.split(':').at(-1) ?? 'state machine';
  const isStopped = failure.status === 'ABORTED';
  return {
    version: 1,
    id: `${execution.name}-${failure.status.toLowerCase()}`,
    capability: 'backup',
    target: 'none',
    environment: 'none',
    outcome: 'aborted',
    severity: isStopped ? 'info' : 'warning',
    // The cause may quote a peer, so it stands among the reasons, which are redacted.
    happened: `${machine}: the execution ${execution.name} ${FAILED_STATUS[failure.status]}.`,
    matters: 'Sets stay as they are until its next run: what was due to be read again or deleted is not.',
    did: 'Recorded it; no backup was changed by this.',
    next: isStopped ? 'Nothing, if it was you.' : 'Open the execution and look at the state that failed.',
    execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
    stop: 'Without its section backup in drydock.yaml nothing of it runs any more: npm run deploy',
    reasons: [describeFailure(failure)],
    at: now.toISOString(),
  };
};
