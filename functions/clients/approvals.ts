import { approvalKind } from '../records/approval.ts';
import { type ApprovalVerdict, judgeApproval } from '../rules/approval.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Ledger } from './ledger.ts';

/** A plan that waits for its approval, and what came for an answer. */
export interface ApprovalQuestion {
  /** Ledger key of the approval. */
  readonly key: string;
  /** Name of the execution that asks. */
  readonly execution: string;
  /** Hash of the plan. */
  readonly plan: string;
  /** Who asked for the plan, and so cannot approve it. */
  readonly startedBy: string;
  readonly answer: unknown;
}

/**
 * Judges the answer to a request for approval and writes the approval down, once. A repeat finds its own approval; a
 * second answer, which Step Functions would not take either, finds itself too late.
 */
export const acceptAnswer = async (
  { key, execution, plan, startedBy, answer }: ApprovalQuestion,
  { ledger, clock }: { readonly ledger: Pick<Ledger, 'read' | 'claim'>; readonly clock: Clock },
): Promise<ApprovalVerdict> => {
  const verdict = judgeApproval(answer, { plan, startedBy });
  if (!verdict.ok) return verdict;
  const { by } = verdict;
  const at = clock.now().toISOString();
  const claimed = await ledger.claim(approvalKind, key, { version: 1, execution, plan, by, at });
  const kept = claimed.ok ? undefined : (await ledger.read(approvalKind, key))?.value;
  if (!kept || kept.by === by) return verdict;
  return { ok: false, reason: `${kept.by} answered before, at ${kept.at}; an approval counts once` };
};
