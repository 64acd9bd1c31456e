import * as z from 'zod';
import type { FailedExecution } from '../records/failed-execution.ts';
import { describeFailure, failedExecutionOf } from '../rules/failed-execution.ts';
import { composeFailureNotice } from '../rules/failure-notice.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './handle-failure.contract.ts';
import { endUpgrade, type UpgradeEndDeps, wireUpgradeEnd } from './run/upgrade-end.ts';
import { FAILURE_WORDS } from './telling/failure-words.ts';

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * What stands behind every machine of this capability: an execution that failed, timed out or was stopped is told. One
 * that a pipeline waits for tells the pipeline, and nobody else. An upgrade is ended: its cluster is freed and its mark
 * of maintenance taken away.
 */
export const run = async ({ detail }: Input, deps: UpgradeEndDeps): Promise<Output> => {
  const execution = failedExecutionOf(detail);
  if (isGate(detail)) return { outcome: 'silent', id: execution.name };
  if (UPGRADE_MACHINE.test(detail.stateMachineArn)) {
    const ended = await endUpgrade(
      { execution, outcome: 'abandoned', reasons: [describeFailure(detail)] },
      deps,
    );
    if (ended) return { outcome: 'released', id: execution.name };
  }
  const notice = composeFailureNotice(detail, execution, deps.clock.now(), FAILURE_WORDS);
  await deps.outbox.tell(notice);
  return { outcome: 'reported', id: notice.id };
};

/** `drydock-<site>-upgrade`, and none of the machines that check. */
const UPGRADE_MACHINE = /-upgrade$/;

const Gate = z.object({ gate: z.literal(true) });

/** Was it started for a pipeline? An input that is too large for the event is none of a pipeline's. */
const isGate = ({ input }: FailedExecution): boolean => {
  try {
    return Gate.safeParse(JSON.parse(input ?? '')).success;
  } catch {
    return false;
  }
};

export const handler = makeLambda({ contract, deps: wireUpgradeEnd, run });
