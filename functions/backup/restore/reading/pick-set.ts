import { SAFETY_EXECUTION_PREFIX } from '../../../records/backup/restore-limits.ts';
import type { BackupSet } from '../../../records/backup/set.ts';
import type { SetStore } from '../../sets/set-store.ts';
import { chooseRestoreSet } from '../choose-set.ts';

type PickedSet =
  | { readonly ok: true; readonly set: BackupSet }
  | { readonly ok: false; readonly reason: string };

/**
 * Picks the set to restore and reads its manifest. One that was made as the safety backup of a restore is passed over
 * unless somebody names it, and so is one without an archive for a place that can take none.
 *
 * @param takesNative whether the place has parts of its own for it.
 */
export const pickSet = async (
  environment: string,
  asked: string | undefined,
  sets: Pick<SetStore, 'listAll' | 'read'>,
  takesNative: boolean,
): Promise<PickedSet> => {
  const known = await sets.listAll(environment);
  const isAny = asked !== undefined || takesNative;
  const all = isAny ? known : known.filter(({ kind }) => kind === 'tar');
  const safety: string[] = [];
  for (;;) {
    const choice = chooseRestoreSet(environment, all, asked, safety);
    if (!choice.ok) return choice;
    const { id } = choice.set;
    const set = await sets.read({ environment, id });
    if (!set) return { ok: false, reason: `the manifest of set ${id} of ${environment} is gone` };
    if (asked !== undefined || !set.execution.name.startsWith(SAFETY_EXECUTION_PREFIX)) {
      return { ok: true, set };
    }
    safety.push(id);
  }
};
