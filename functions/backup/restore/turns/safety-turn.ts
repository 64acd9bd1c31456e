import type { BackupSet } from '../../../records/backup/set.ts';
import { act, done, failed, plainTurn, type StepTurn, waitFor } from '../step-turn.ts';

/** What is seen of the backup that is made of what stands there now. `lost`: its execution ended, and no set is there. */
export type SafetyBackup =
  | { readonly state: 'none' }
  | { readonly state: 'running' }
  | { readonly state: 'lost'; readonly why: string }
  | {
      readonly state: 'ended';
      readonly set: Pick<BackupSet, 'id' | 'environment' | 'policy' | 'state' | 'verification' | 'failure'>;
    };

/** Seconds between the first looks at a backup; they come further apart with its time (reading/look-interval.ts). */
const LOOK_SECONDS = 5;

/**
 * What a backup is held up by when it is much smaller than those before it (verify/reason-kinds.ts). Much may have been
 * lost since then, which is why people restore: this backup saves what is left, and not what was.
 */
const COMPARED_WITH_BEFORE: readonly string[] = ['size-shrank', 'tables-fewer'];

/** Has the safety backup made, and goes on only when it was read and found whole: it is what a way back leads to. */
export const safetyTurn = (seen: SafetyBackup): StepTurn => {
  if (seen.state === 'none') return plainTurn(act('starts a backup of what stands there now'));
  if (seen.state === 'running') return plainTurn(waitFor(LOOK_SECONDS, 'waits for the safety backup'));
  if (seen.state === 'lost') return plainTurn(failed(`there is no safety backup: ${seen.why}`));
  const { id, environment, policy, state, verification, failure } = seen.set;
  if (state === 'running' || state === 'unverified') {
    return plainTurn(waitFor(LOOK_SECONDS, `waits for the verification of ${id}`));
  }
  const against = (verification?.reasons ?? []).filter(({ result }) => result !== 'note');
  const isWhole =
    state === 'not-checked' &&
    against.length > 0 &&
    against.every(({ code }) => COMPARED_WITH_BEFORE.includes(code));
  if (state === 'verified' || isWhole) {
    const turn = plainTurn(done(`set ${id} holds what stood there before`));
    return { ...turn, safetySet: { environment, policy, id } };
  }
  const reasons = against.slice(0, 5).map(({ subject, message }) => `${subject}: ${message}`);
  return plainTurn(
    failed(`the safety backup ${id} is ${state}`, ...(failure ? [failure.message] : []), ...reasons),
  );
};
