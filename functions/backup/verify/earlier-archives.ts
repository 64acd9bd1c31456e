import type { BackupSet } from '../../records/backup/set.ts';
import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import type { EarlierArchive } from './expectation.ts';

/** Archives of the same policy that one is compared with: of five, three of a new size make it the usual one. */
const COMPARED = 5;

/** No archive came of the others, or none that is there. */
const COMPARABLE: readonly BackupSetEntry['state'][] = ['verified', 'incomplete', 'corrupt', 'not-checked'];

/** The last sets before one that leave out the same, newest first: what a policy skips makes the size. */
export const chooseEarlier = (
  { id, kind, skip }: Pick<BackupSet, 'id' | 'kind' | 'skip'>,
  sets: readonly BackupSetEntry[],
): BackupSetEntry[] => {
  const same = skip.toSorted().join();
  return sets
    .filter((other) => other.id < id && other.kind === kind && COMPARABLE.includes(other.state))
    .filter((other) => other.skip.toSorted().join() === same)
    .toSorted((a, b) => (a.id > b.id ? -1 : 1))
    .slice(0, COMPARED);
};

/** What is compared of a set; nothing of one that has no archive, or one that was never read. */
export const describeEarlier = ({ parts }: Pick<BackupSet, 'parts'>): EarlierArchive[] =>
  parts.flatMap((part) =>
    part.kind === 'archive' && part.contents.length > 0
      ? [
          {
            size: part.object.size,
            parts: part.contents,
            ...(part.dumps === undefined ? {} : { dumps: part.dumps }),
          },
        ]
      : [],
  );
