import type { BackupSet } from '../../records/backup/set.ts';

/** How a set moves on while it is made; each leaves one that has moved on already as it is. */

/**
 * Written, and not read yet.
 *
 * @param jobStartedAt when its Job began; none where it has no Job.
 */
export const noteWritten = (set: BackupSet, jobStartedAt: string | undefined): BackupSet | undefined => {
  if (set.state !== 'running') return undefined;
  const times = [...set.parts.map(({ takenAt }) => takenAt), ...(jobStartedAt ? [jobStartedAt] : [])];
  // What came after the earliest of them may be missing.
  const takenAt = times.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? set.startedAt;
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
