import { act, done, failed, plainTurn, type StepTurn } from '../step-turn.ts';

/** How far the objects of the tmp bucket have been copied back; counted by whoever copies. */
export interface CopiedBack {
  readonly folders: number;
  readonly copied: number;
  /** Is the last object of the last folder copied? */
  readonly isDone: boolean;
  readonly untouched: readonly string[];
  /** Objects that could not be copied, with the reason of the first. */
  readonly failed: { readonly count: number; readonly why: string } | undefined;
}

/**
 * Has the objects copied back over what lies in their buckets, slice by slice. Nothing is deleted there: nobody can
 * tell whether the tool had put all away when it broke off, and what the backup brought beside it harms nobody.
 */
export const objectsTurn = ({ folders, copied, isDone, untouched, failed: bad }: CopiedBack): StepTurn => {
  if (!isDone) return plainTurn(act(`copies objects back: ${copied} so far`));
  if (bad) return plainTurn(failed(`${bad.count} objects could not be copied back: ${bad.why}`));
  const rest = untouched.length === 0 ? '' : `; not touched by the restore: ${untouched.join(', ')}`;
  return plainTurn(done(`${copied} objects of ${folders} folders are back${rest}`));
};
