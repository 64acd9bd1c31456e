import type * as z from 'zod';
import type { Ledger } from '../clients/ledger.ts';
import type { Outbox } from '../clients/outbox.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './request-restore-approval.contract.ts';
import { readRestorePlan } from './restore/reading/run-record.ts';
import { composeRestoreApprovalNotice } from './restore/telling/restore-notice.ts';
import { wireTelling } from './telling/wiring.ts';

interface Deps {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
}

/** Sends the plan to people, with the command that approves it. The machine waits for that, and not for this Lambda. */
export const run = async (
  { execution, taskToken, approvalSeconds }: z.output<typeof contract.Input>,
  { ledger, outbox, clock }: Deps,
): Promise<z.input<typeof contract.Output>> => {
  const plan = await readRestorePlan(ledger, execution);
  const hours = Math.round(approvalSeconds / 360) / 10;
  await outbox.tell(composeRestoreApprovalNotice(plan, { token: taskToken, hours, now: clock.now() }));
  return { outcome: 'asked' };
};

export const handler = makeLambda({
  contract,
  deps: (env) => ({ clock: systemClock, ...wireTelling(env) }),
  run,
});
