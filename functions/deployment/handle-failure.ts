import * as z from 'zod';
import type { Execution } from '../records/execution.ts';
import type { FailedExecution } from '../records/failed-execution.ts';
import type { Notice } from '../records/message.ts';
import { RolloutOrder } from '../records/rollout.ts';
import { linkExecution } from '../rules/console-link.ts';
import { describeFailure, FAILED_STATUS, failedExecutionOf } from '../rules/failed-execution.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './handle-failure.contract.ts';
import { endRollout, type RolloutEndDeps, wireRolloutEnd } from './rollout-end.ts';

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * What stands behind every machine: an execution that failed, timed out or was stopped is recorded and told, and a
 * rollout's target is freed. The sweep repairs what this misses.
 */
export const run = async ({ detail }: Input, deps: RolloutEndDeps): Promise<Output> => {
  const execution = failedExecutionOf(detail);
  const order = detail.stateMachineArn === deps.rolloutMachine ? readOrder(detail) : undefined;
  if (order) {
    await endRollout({ order, execution, outcome: 'aborted', reasons: [describeFailure(detail)] }, deps);
    return { outcome: 'released', id: order.name };
  }
  const notice = composeFailure(detail, execution, deps.clock.now());
  await deps.outbox.tell(notice);
  return { outcome: 'reported', id: notice.id };
};

const RolloutInput = z.object({ order: RolloutOrder });

/** The order that the execution was started with; undefined when the event is too large to carry it. */
const readOrder = ({ input }: FailedExecution): RolloutOrder | undefined => {
  try {
    return RolloutInput.parse(JSON.parse(input ?? '')).order;
  } catch {
    return undefined;
  }
};

const composeFailure = (detail: FailedExecution, execution: Execution, now: Date): Notice => {
  const machine = detail.stateMachineArn.split(':').at(-1) ?? 'state machine';
  const isStopped = detail.status === 'ABORTED';
  return {
    version: 1,
    id: `${execution.name}-${detail.status.toLowerCase()}`,
    capability: 'deployment',
    target: 'none',
    environment: 'none',
    outcome: 'aborted',
    severity: isStopped ? 'info' : 'critical',
    // The cause may quote a peer, so it stands among the reasons, which are redacted.
    happened: `${machine}: the execution ${execution.name} ${FAILED_STATUS[detail.status]}.`,
    matters: 'What this execution was to do is not done; the next sweep compares every target again.',
    did: 'Recorded it; nothing was changed by this.',
    next: isStopped ? 'Nothing, if it was you.' : 'Open the execution and look at the state that failed.',
    execution: { ...execution, url: linkExecution(execution.arn) },
    stop: 'Start the control machine with {"pause":"capability/deployment","by":"<you>","why":"<why>"}',
    reasons: [describeFailure(detail)],
    at: now.toISOString(),
  };
};

export const handler = makeLambda({ contract, deps: wireRolloutEnd, run });
