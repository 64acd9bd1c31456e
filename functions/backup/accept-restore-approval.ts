import type * as z from 'zod';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { restoreApprovalKey, restoreApprovalKind } from '../records/backup/restore-plan.ts';
import { judgeApproval } from '../rules/approval.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './accept-restore-approval.contract.ts';
import { findPlaceholders } from './restore/reading/placeholders.ts';
import { readRestorePlan } from './restore/reading/run-record.ts';

interface Deps {
  readonly ledger: Pick<Ledger, 'read' | 'claim'>;
  readonly clock: Clock;
}

/** Judges the answer to the request and writes the approval down, once; a repeat of this step finds its own. */
export const run = async (
  { execution, answer }: z.output<typeof contract.Input>,
  { ledger, clock }: Deps,
): Promise<z.input<typeof contract.Output>> => {
  const plan = await readRestorePlan(ledger, execution);
  if (findPlaceholders(answer).length > 0) {
    return { outcome: 'not-approved', reasons: ['the answer names nobody: put a name in place of <you>'] };
  }
  const verdict = judgeApproval(answer, { plan: plan.id, startedBy: plan.request.by });
  if (!verdict.ok) return { outcome: 'not-approved', reasons: [verdict.reason] };
  const { by } = verdict;
  const key = restoreApprovalKey(execution.name);
  const at = clock.now().toISOString();
  const claimed = await ledger.claim(restoreApprovalKind, key, {
    version: 1,
    execution: execution.name,
    plan: plan.id,
    by,
    at,
  });
  const kept = claimed.ok ? undefined : (await ledger.read(restoreApprovalKind, key))?.value;
  if (kept && kept.by !== by) {
    const reason = `${kept.by} answered before, at ${kept.at}; an approval counts once`;
    return { outcome: 'not-approved', reasons: [reason] };
  }
  return { outcome: 'approved', by, reasons: [`${by} approved the plan ${plan.id}`] };
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => ({ ledger: connectLedger(LEDGER_BUCKET), clock: systemClock }),
  run,
});
