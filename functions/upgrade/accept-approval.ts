import type * as z from 'zod';
import { acceptAnswer } from '../clients/approvals.ts';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { approvalKey } from '../records/upgrade/plan.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './accept-approval.contract.ts';
import { readPlan } from './run/plan-record.ts';

interface Deps {
  readonly ledger: Pick<Ledger, 'read' | 'claim'>;
  readonly clock: Clock;
}

/** Judges the answer to the request and has it written down, once; a repeat of this step finds its own approval. */
export const run = async (
  { execution, answer }: z.output<typeof contract.Input>,
  deps: Deps,
): Promise<z.input<typeof contract.Output>> => {
  const plan = await readPlan(deps.ledger, execution);
  const key = approvalKey(execution.name);
  const question = { key, execution: execution.name, plan: plan.id, startedBy: plan.request.by, answer };
  const verdict = await acceptAnswer(question, deps);
  if (!verdict.ok) return { outcome: 'not-approved', reasons: [verdict.reason] };
  const { by } = verdict;
  return { outcome: 'approved', by, reasons: [`${by} approved the plan ${plan.id}`] };
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => ({ ledger: connectLedger(LEDGER_BUCKET), clock: systemClock }),
  run,
});
