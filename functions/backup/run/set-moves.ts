import type { BackupSet } from '../../records/backup/set.ts';

/** How a set moves on while it is made; each leaves one that has moved on already as it is. */

/**
 * Written, and not read yet.
 *
 * @param jobStartedAt when its Job began; none where it has no Job.
 */
export const noteWritten = (set: BackupSet, jobStartedAt: string | undefined): BackupSet | undefined => {
  if (set.state !== 'running') return undefined;
  const own = set.parts.filter(({ kind }) => kind !== 'recovery-point').map(({ takenAt }) => takenAt);
  const times = [...own, ...(jobStartedAt ? [jobStartedAt] : [])];
  // Recovery points come by a plan of AWS Backup: one of last night makes no backup of now a day old.
  const counted = times.length > 0 ? times : set.parts.map(({ takenAt }) => takenAt);
  // What came after the earliest of them may be missing.
  const takenAt = counted.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? set.startedAt;
  return { ...set, state: 'unverified', takenAt };
};

/** Nothing came of it. */
export const noteFailed = (
  set: BackupSet,
  failure: NonNullable<BackupSet['failure']>,
): BackupSet | undefined => (set.state === 'running' ? { ...set, state: 'failed', failure } : undefined);

/** Bytes of all parts whose size is known; undefined where no size is. */
export const sumSizes = ({ parts }: Pick<BackupSet, 'parts'>): number | undefined => {
  const sizes = parts.flatMap((part) => {
    if (part.kind === 'archive') return part.object.size;
    return 'size' in part && part.size !== undefined ? part.size : [];
  });
  return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0);
};
