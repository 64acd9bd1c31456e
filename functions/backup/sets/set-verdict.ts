import type { BackupSet } from '../../records/backup/set.ts';
import type { Verification } from '../../records/backup/verification.ts';
import { judgeStateChange } from './set-state.ts';

/** Reasons that a manifest keeps; all of them are in the record of the verification. */
const MAX_KEPT_REASONS = 50;

type NotedVerification =
  | { readonly ok: true; readonly set: BackupSet }
  | { readonly ok: false; readonly reason: string };

/**
 * Notes in a manifest what a verification found. One that ended before the one that is noted already says nothing: two
 * may go on at once, and the later look is right. A set that is gone, or not yet written, takes none.
 *
 * @param record ledger key under which the whole verification lies.
 */
export const noteVerification = (
  set: BackupSet,
  { verdict, reasons, finishedAt }: Pick<Verification, 'verdict' | 'reasons' | 'finishedAt'>,
  record: string,
): NotedVerification => {
  const move = judgeStateChange(set.state, verdict);
  if (!move.ok) return move;
  if (set.verification && Date.parse(set.verification.at) > Date.parse(finishedAt)) {
    return { ok: false, reason: `it was verified later already, at ${set.verification.at}` };
  }
  const found = reasons.filter(({ result }) => result !== 'note').length;
  const verification = {
    verdict,
    at: finishedAt,
    record,
    reasons: reasons.slice(0, MAX_KEPT_REASONS),
    found,
  };
  return { ok: true, set: { ...set, state: verdict, verification } };
};
