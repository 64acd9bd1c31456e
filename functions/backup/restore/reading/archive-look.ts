import type { ObjectFinder } from '../../../clients/object-keys.ts';
import type { BackupSet } from '../../../records/backup/set.ts';
import { TransientError } from '../../../runtime/errors.ts';
import { locateSetArchive } from '../../verify/noted-archive.ts';
import { type ArchiveStanding, judgeStanding } from '../archive-standing.ts';

/** Below the time that a look has left when its place was read. */
export const ARCHIVE_PATIENCE = { attempts: 3, attemptMs: 10_000, pauseMs: 500 };

/**
 * Looks by a list, since no role of a restore may read an archive.
 *
 * @param set undefined where its manifest has gone behind the first destructive step: then a person has chosen, and nothing
 * tells what the archive should be.
 * @param bucket of the archives, by drydock.yaml.
 * @throws RefusedError `archive.forbidden` and the like, which fail the step.
 */
export const lookAtArchive = async (
  set: BackupSet | undefined,
  bucket: string,
  archives: ObjectFinder,
  now: Date,
  signal: AbortSignal,
): Promise<ArchiveStanding> => {
  if (!set) return { state: 'there' };
  const { bucket: where, key } = locateSetArchive(set, bucket);
  try {
    return judgeStanding(set, bucket, await archives.find(where, key, signal));
  } catch (error) {
    if (error instanceof TransientError) return { state: 'unknown', why: error.message, now };
    throw error;
  }
};
