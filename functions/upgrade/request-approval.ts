import type * as z from 'zod';
import type { Ledger } from '../clients/ledger.ts';
import type { Outbox } from '../clients/outbox.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './request-approval.contract.ts';
import { readPlan } from './run/plan-record.ts';
import { composeApprovalNotice } from './telling/upgrade-notice.ts';
import { wireTelling } from './telling/wiring.ts';

interface Deps {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
}

/** Sends the plan to people, with the command that approves it. The machine waits for that, and not for this Lambda. */
export const run = async (
  { execution, taskToken, gates, approvalSeconds }: z.output<typeof contract.Input>,
  { ledger, outbox, clock }: Deps,
): Promise<z.input<typeof contract.Output>> => {
  const plan = await readPlan(ledger, execution);
  const hours = Math.round(approvalSeconds / 360) / 10;
  await outbox.tell(composeApprovalNotice(plan, gates, { token: taskToken, hours, now: clock.now() }));
  return { outcome: 'asked' };
};

export const handler = makeLambda({
  contract,
  deps: (env) => ({ clock: systemClock, ...wireTelling(env) }),
  run,
});
