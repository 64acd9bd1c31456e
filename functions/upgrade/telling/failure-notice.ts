import type { Execution } from '../../records/execution.ts';
import type { FailedExecution } from '../../records/failed-execution.ts';
import type { Notice } from '../../records/message.ts';
import { linkExecution } from '../../rules/console-link.ts';
import { describeFailure, FAILED_STATUS } from '../../rules/failed-execution.ts';

/** The notice about an execution of this capability that failed, ran out of time or was stopped. */
export const composeFailureNotice = (failure: FailedExecution, execution: Execution, now: Date): Notice => {
  const machine = failure.stateMachineArn.split(':').at(-1) ?? 'state machine';
  const isStopped = failure.status === 'ABORTED';
  return {
    version: 1,
    id: `${execution.name}-${failure.status.toLowerCase()}`,
    capability: 'upgrade',
    target: 'none',
    environment: 'none',
    outcome: 'aborted',
    // A look or a plan that failed can wait for the morning; an upgrade that had begun tells its own end.
    severity: isStopped ? 'info' : 'warning',
    // The cause may quote a peer, so it stands among the reasons, which are redacted.
    happened: `${machine}: the execution ${execution.name} ${FAILED_STATUS[failure.status]}.`,
    matters: 'What this execution was to find out or to do is not done; the daily check looks again.',
    did: 'Recorded it; nothing was changed by this.',
    next: isStopped ? 'Nothing, if it was you.' : 'Open the execution and look at the state that failed.',
    execution: { ...execution, url: linkExecution(execution.arn) },
    stop: 'Without its section upgrade in drydock.yaml nothing is checked any more: npm run deploy',
    reasons: [describeFailure(failure)],
    at: now.toISOString(),
  };
};
