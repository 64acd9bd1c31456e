import type * as z from 'zod';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { approvalKey, approvalKind } from '../records/upgrade/plan.ts';
import { judgeApproval } from '../rules/approval.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './accept-approval.contract.ts';
import { readPlan } from './run/plan-record.ts';

interface Deps {
  readonly ledger: Pick<Ledger, 'read' | 'claim'>;
  readonly clock: Clock;
}

/**
 * Judges the answer to the request and writes the approval down, once. A repeat of this step finds its own approval; a
 * second answer, which Step Functions would not take either, finds itself too late.
 */
export const run = async (
  { execution, answer }: z.output<typeof contract.Input>,
  { ledger, clock }: Deps,
): Promise<z.input<typeof contract.Output>> => {
  const plan = await readPlan(ledger, execution);
  const verdict = judgeApproval(answer, { plan: plan.id, startedBy: plan.request.by });
  if (!verdict.ok) return { outcome: 'not-approved', reasons: [verdict.reason] };
  const { by } = verdict;
  const key = approvalKey(execution.name);
  const at = clock.now().toISOString();
  const claimed = await ledger.claim(approvalKind, key, {
    version: 1,
    execution: execution.name,
    plan: plan.id,
    by,
    at,
  });
  const kept = claimed.ok ? undefined : (await ledger.read(approvalKind, key))?.value;
  if (kept && kept.by !== by) {
    return {
      outcome: 'not-approved',
      reasons: [`${kept.by} answered before, at ${kept.at}; an approval counts once`],
    };
  }
  return { outcome: 'approved', by, reasons: [`${by} approved the plan ${plan.id}`] };
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => ({ ledger: connectLedger(LEDGER_BUCKET), clock: systemClock }),
  run,
});
