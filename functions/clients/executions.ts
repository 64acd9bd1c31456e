import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DefectError, RefusedError, TransientError } from '../runtime/errors.ts';

/** Adaptive mode slows down by itself when StartExecution's bucket, which the whole account shares, is empty. */
const settings = { retryMode: 'adaptive', maxAttempts: 6 } as const;
const ownRegion = new SFNClient(settings);

export interface ExecutionStart {
  /** ARN of the state machine. */
  readonly machine: string;
  /** From the cause, so that a repeat finds the name taken. */
  readonly name: string;
  readonly input: unknown;
}

export interface ExecutionState {
  readonly status: 'running' | 'succeeded' | 'failed' | 'timed-out' | 'aborted';
  readonly startedAt: Date | undefined;
  readonly stoppedAt: Date | undefined;
  /** JSON text that the machine returned; set when it succeeded. */
  readonly output: string | undefined;
  /** Name and cause of the error it failed with. */
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

/** Executions of our state machines. */
export interface Executions {
  /** Starts one; `already` when this name was used in the last 90 days, by an equal start or an earlier one. */
  start(request: ExecutionStart): Promise<'started' | 'already'>;
  /** What became of one; undefined when Step Functions no longer (or never) knew it. */
  describe(arn: string): Promise<ExecutionState | undefined>;
  /** Stops one that runs; one that has ended stays as it ended. */
  stop(arn: string, reason: { readonly error: string; readonly cause: string }): Promise<void>;
}

/**
 * Opens Step Functions of this account.
 *
 * @param region where the machines are; in a Lambda the region of that Lambda.
 * @throws TransientError `executions.unavailable` when Step Functions is down, slow or busy beyond the retries.
 * @throws RefusedError `executions.forbidden` when the role lacks a right; `executions.missing` when there is no
 * such state machine.
 */
export const openExecutions = (region?: string): Executions =>
  useStepFunctions(region === undefined ? ownRegion : new SFNClient({ ...settings, region }));

const useStepFunctions = (sfn: SFNClient): Executions => ({
  async start({ machine, name, input }) {
    try {
      await sfn.send(
        new StartExecutionCommand({ stateMachineArn: machine, name, input: JSON.stringify(input) }),
      );
      return 'started';
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return 'already';
      throw toOurError(error, `start ${name} of ${machine}`);
    }
  },

  async describe(arn) {
    try {
      const execution = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
      return {
        status: statusOf(execution.status),
        startedAt: execution.startDate,
        stoppedAt: execution.stopDate,
        output: execution.output,
        error: execution.error,
        cause: execution.cause,
      };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw toOurError(error, `describe ${arn}`);
    }
  },

  async stop(arn, { error, cause }) {
    try {
      await sfn.send(new StopExecutionCommand({ executionArn: arn, error, cause }));
    } catch (failure) {
      if (failure instanceof ExecutionDoesNotExist) return;
      throw toOurError(failure, `stop ${arn}`);
    }
  },
});

/** PENDING_REDRIVE waits for its parent to start it again: for all who ask us it still runs. */
const STATES: Readonly<Record<string, ExecutionState['status']>> = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timed-out',
  ABORTED: 'aborted',
};

const statusOf = (status: string | undefined): ExecutionState['status'] => {
  const known = STATES[status ?? ''];
  if (known) return known;
  throw new DefectError('executions.status', `Step Functions gave the unknown status ${status ?? '(none)'}.`);
};

const toOurError = (error: unknown, action: string): Error => {
  if (!(error instanceof SFNServiceException)) {
    return new TransientError(
      'executions.unavailable',
      `Step Functions did not answer: could not ${action}.`,
      {
        cause: error,
      },
    );
  }
  if (error.name === 'AccessDeniedException') {
    const message = `This function's role may not ${action}; deploy again with \`npm run deploy\`.`;
    return new RefusedError('executions.forbidden', message, { cause: error });
  }
  if (error.name === 'StateMachineDoesNotExist' || error.name === 'StateMachineDeleting') {
    const message = `Could not ${action}: there is no such state machine; deploy again with \`npm run deploy\`.`;
    return new RefusedError('executions.missing', message, { cause: error });
  }
  if (error.$fault === 'server' || error.$retryable !== undefined || isThrottling(error.name)) {
    const message = `Step Functions is busy or down: could not ${action}.`;
    return new TransientError('executions.unavailable', message, { cause: error });
  }
  return new DefectError('executions.invalid', `Step Functions refused to ${action}: ${error.message}`, {
    cause: error,
  });
};

/** Step Functions' bucket-empty errors come as 400. */
const isThrottling = (name: string): boolean => /Throttling|TooManyRequests|LimitExceeded/.test(name);
