import type { ArchiveStore } from '../../clients/archive-store.ts';
import { RefusedError } from '../../runtime/errors.ts';
import type { VerifyRequest } from './verify-archive.ts';

/**
 * Looks whether the name of an archive still leads to the version that was read. In a bucket with versions the reads stay
 * with theirs, whoever writes over it; a restore does not.
 *
 * @param open the store of what lies under the name now.
 */
export const lookAgainAt =
  (open: () => Pick<ArchiveStore, 'describe'>): NonNullable<VerifyRequest['lookAgain']> =>
  async ({ versionId }, signal) => {
    // Without versions every read asks for the entity tag, and S3 refuses those of another object.
    if (versionId === undefined) return undefined;
    try {
      const now = await open().describe(signal);
      return now.versionId === versionId ? 'same' : 'replaced';
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      // Any other refusal says nothing of what lies there.
      return error.code === 'archive.gone' ? 'deleted' : undefined;
    }
  };
