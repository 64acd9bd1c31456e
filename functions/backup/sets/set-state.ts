import type { BackupSetState } from '../../records/backup/set.ts';

/** Where a set may go from where it is. What was read once is read again on a schedule, so verdicts follow verdicts. */
const JUDGED: readonly BackupSetState[] = ['verified', 'incomplete', 'corrupt', 'not-checked'];
const NEXT: Readonly<Record<BackupSetState, readonly BackupSetState[]>> = {
  running: ['unverified', 'failed'],
  unverified: [...JUDGED, 'failed', 'deleted'],
  verified: [...JUDGED, 'deleted'],
  incomplete: [...JUDGED, 'deleted'],
  corrupt: [...JUDGED, 'deleted'],
  'not-checked': [...JUDGED, 'deleted'],
  failed: ['deleted'],
  deleted: [],
};

type StateVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * May a set go from one state to another? To the one it has it may always go, so that a step can run twice; a set that
 * is being made is never deleted, and a deleted one stays so, whatever a Lambda that lived on has to say.
 */
export const judgeStateChange = (from: BackupSetState, to: BackupSetState): StateVerdict =>
  from === to || NEXT[from].includes(to)
    ? { ok: true }
    : { ok: false, reason: `a set that is ${from} does not become ${to}` };
