import type { ArchiveCopier } from '../../clients/archive-copy.ts';
import type { Clock } from '../../runtime/clock.ts';
import { RefusedError, TransientError } from '../../runtime/errors.ts';

/** No Lambda lives for so long: one that began an upload before and did not write it down is dead. */
const DEAD_MS = 30 * 60_000;

/**
 * Aborts uploads of the same copy that nobody knows of any more: S3 keeps their parts, and bills them, until somebody does.
 * What can not be listed or aborted is left to a rule of the bucket.
 */
export const abortOthers = async (
  uploadId: string,
  { copier, clock }: { readonly copier: ArchiveCopier; readonly clock: Pick<Clock, 'now'> },
  signal: AbortSignal,
): Promise<void> => {
  try {
    for (const { uploadId: other, since } of await copier.listUploads(signal)) {
      const isDead = clock.now().getTime() - since.getTime() > DEAD_MS;
      if (other !== uploadId && isDead) await copier.abort(other, signal);
    }
  } catch (error) {
    if (!(error instanceof RefusedError || error instanceof TransientError)) throw error;
  }
};
