import * as z from 'zod';
import type { Outbox } from '../clients/outbox.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import { composeFailureNotice } from './failure-notice.ts';
import * as contract from './handle-failure.contract.ts';
import { wireTelling } from './wiring.ts';

interface Deps {
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * What stands behind every machine of this capability: an execution that failed, timed out or was stopped is told. One
 * that a pipeline waits for tells the pipeline, and nobody else.
 */
export const run = async ({ detail }: Input, { outbox, clock }: Deps): Promise<Output> => {
  const execution = {
    arn: detail.executionArn,
    name: detail.name,
    startedAt: new Date(detail.startDate).toISOString(),
  };
  if (isGate(detail)) return { outcome: 'silent', id: execution.name };
  const notice = composeFailureNotice(detail, execution, clock.now());
  await outbox.tell(notice);
  return { outcome: 'reported', id: notice.id };
};

const Gate = z.object({ gate: z.literal(true) });

/** Was it started for a pipeline? An input that is too large for the event is none of a pipeline's. */
const isGate = ({ input }: Input['detail']): boolean => {
  try {
    return Gate.safeParse(JSON.parse(input ?? '')).success;
  } catch {
    return false;
  }
};

export const handler = makeLambda({
  contract,
  deps: (env) => ({ clock: systemClock, ...wireTelling(env) }),
  run,
});
