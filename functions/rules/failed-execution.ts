import type { Execution } from '../records/execution.ts';
import type { FailedExecution } from '../records/failed-execution.ts';
import { describeCause } from './error-cause.ts';

/** How an execution ended that did not succeed, to follow its name. */
export const FAILED_STATUS: Readonly<Record<FailedExecution['status'], string>> = {
  FAILED: 'failed',
  TIMED_OUT: 'ran out of time',
  ABORTED: 'was stopped by a person',
};

/** One sentence: how it ended, and why as far as that is known. */
export const describeFailure = ({
  status,
  error,
  cause,
}: Pick<FailedExecution, 'status' | 'error' | 'cause'>): string => {
  const why = [error, cause ? describeCause(cause) : undefined].filter((part) => part).join(': ');
  return `the execution ${FAILED_STATUS[status]}${why ? ` (${why})` : ''}`;
};

/** Which execution it was. */
export const failedExecutionOf = ({
  executionArn,
  name,
  startDate,
}: Pick<FailedExecution, 'executionArn' | 'name' | 'startDate'>): Execution => ({
  arn: executionArn,
  name,
  startedAt: new Date(startDate).toISOString(),
});
