import type { Execution } from '../records/execution.ts';
import type { FailedExecution } from '../records/failed-execution.ts';
import type { Notice } from '../records/message.ts';
import { linkExecution } from './console-link.ts';
import { describeFailure, FAILED_STATUS } from './failed-execution.ts';

/** What a capability says of an execution of its own that failed. */
export interface FailureWords extends Pick<Notice, 'capability' | 'matters' | 'did'> {
  /** What does not run any more without the section of the capability. */
  readonly stops: string;
}

/**
 * The notice about an execution that failed, ran out of time or was stopped, and behind which nothing was changed: it
 * can wait for the morning.
 */
export const composeFailureNotice = (
  failure: FailedExecution,
  execution: Execution,
  now: Date,
  { capability, matters, did, stops }: FailureWords,
): Notice => {
  const machine = failure.stateMachineArn.split(':').at(-1) ?? 'state machine';
  const isStopped = failure.status === 'ABORTED';
  return {
    version: 1,
    id: `${execution.name}-${failure.status.toLowerCase()}`,
    capability,
    target: 'none',
    environment: 'none',
    outcome: 'aborted',
    severity: isStopped ? 'info' : 'warning',
    // The cause may quote a peer, so it stands among the reasons, which are redacted.
    happened: `${machine}: the execution ${execution.name} ${FAILED_STATUS[failure.status]}.`,
    matters,
    did,
    next: isStopped ? 'Nothing, if it was you.' : 'Open the execution and look at the state that failed.',
    execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
    stop: `Without its section ${capability} in drydock.yaml ${stops} any more: npm run deploy`,
    reasons: [describeFailure(failure)],
    at: now.toISOString(),
  };
};
