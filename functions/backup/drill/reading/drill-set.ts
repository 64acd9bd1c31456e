import { SAFETY_EXECUTION_PREFIX } from '../../../records/backup/restore-limits.ts';
import type { BackupSet } from '../../../records/backup/set.ts';
import type { BackupSetEntry } from '../../../records/backup/set-index.ts';
import type { SetStore } from '../../sets/set-store.ts';
import { isWhole, listVerified } from '../../sets/verified-sets.ts';

type DrillSet =
  | { readonly ok: true; readonly set: BackupSet }
  /** @property reason without its dot. */
  | { readonly ok: false; readonly reason: string };

/**
 * Picks the set that is rehearsed: the one that was named, or the newest, of those that are verified, bring a whole
 * GitLab back and that the place can take. A restore of any other would be stopped by its prechecks, after all the work of
 * closing a network. A safety backup of an earlier restore is taken only by its name.
 *
 * @param takesNative whether the place has a database of its own for sets that are no archive.
 */
export const pickDrillSet = async (
  environment: string,
  asked: string | undefined,
  sets: Pick<SetStore, 'listAll' | 'read'>,
  takesNative: boolean,
): Promise<DrillSet> => {
  const all = await sets.listAll(environment);
  const fit = listVerified(all).filter((entry) => isWhole(entry) && (takesNative || entry.kind === 'tar'));
  const candidates = asked === undefined ? fit : fit.filter(({ id }) => id === asked);
  for (const { id } of candidates) {
    const set = await sets.read({ environment, id });
    if (!set || set.state !== 'verified' || set.deletion !== undefined) continue;
    if (asked === undefined && set.execution.name.startsWith(SAFETY_EXECUTION_PREFIX)) continue;
    return { ok: true, set };
  }
  return { ok: false, reason: explain({ environment, asked, takesNative }, all, fit) };
};

interface Wish {
  readonly environment: string;
  readonly asked: string | undefined;
  readonly takesNative: boolean;
}

const explain = (
  { environment, asked, takesNative }: Wish,
  all: readonly BackupSetEntry[],
  fit: readonly BackupSetEntry[],
): string => {
  const wanted = `a verified set ${takesNative ? '' : 'in an archive '}that brings a whole GitLab back`;
  if (asked === undefined) return `${environment} does not have ${wanted}`;
  const ids = fit.slice(0, 5).map(({ id }) => id);
  const known = ids.length === 0 ? 'there is none' : `there are: ${ids.join(', ')}`;
  return all.some(({ id }) => id === asked)
    ? `set ${asked} of ${environment} is not ${wanted}; ${known}`
    : `there is no set ${asked} of ${environment}; of those that can be rehearsed ${known}`;
};
