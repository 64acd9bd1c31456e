import type { BackupCopy } from '../../records/backup/set-parts.ts';
import type { ArchiveObject } from '../../records/backup/verification.ts';

export type CopyVerdict = Pick<BackupCopy, 'reason'> & {
  readonly state: 'verified' | 'differs' | 'not-checked';
};

type Compared = Pick<ArchiveObject, 'size' | 'checksum'>;

/**
 * Compares a copy with the archive it was made of, by their sizes and by what S3 computed of each: the same algorithm over
 * the whole, or over parts of which there are as many. What can not be compared was not checked, and never counts as equal.
 */
export const compareCopy = (archive: Compared, copy: Compared): CopyVerdict => {
  if (archive.size !== copy.size) {
    return { state: 'differs', reason: `it has ${copy.size} bytes, and the archive ${archive.size}` };
  }
  const [ours, theirs] = [archive.checksum, copy.checksum];
  if (!ours) return notChecked('S3 keeps no checksum of the archive');
  if (!theirs) return notChecked(`S3 tells no ${ours.algorithm} of the copy`);
  const isComparable = ours.algorithm === theirs.algorithm && ours.type === theirs.type;
  if (!isComparable || partsOf(ours.value) !== partsOf(theirs.value)) {
    const say = ({ algorithm, type, value }: NonNullable<Compared['checksum']>): string =>
      type === 'composite' ? `${algorithm} over ${partsOf(value)} parts` : `${algorithm} of the whole`;
    return notChecked(`the archive has a ${say(ours)}, and the copy a ${say(theirs)}`);
  }
  if (ours.value === theirs.value) return { state: 'verified' };
  return { state: 'differs', reason: `its ${ours.algorithm} is ${theirs.value}, and not ${ours.value}` };
};

const notChecked = (reason: string): CopyVerdict => ({ state: 'not-checked', reason });

/** What S3 puts behind a checksum over parts: how many there are. */
const partsOf = (value: string): string => /-(\d+)$/.exec(value)?.[1] ?? 'all';
