import pMap from 'p-map';
import type { CopiedPart } from '../../clients/archive-copy/uploads.ts';
import type { CopyDeps, CopyRequest } from './copy-archive.ts';
import { partRange } from './copy-plan.ts';
import type { CopyRun } from './copy-run.ts';

/** Parts under way at once: S3 copies each at 50 to 100 MB a second, and they wait for it, not for us. */
const AT_ONCE = 16;

type RunInParts = CopyRun & { readonly uploadId: string };

/**
 * Copies the parts that S3 does not have yet, as many as there is time for, and makes the object of them when it has all.
 *
 * @returns how many are there when the time is over; `gone` when somebody ended the upload.
 */
export const copyMissingParts = async (
  { uploadId, plan, source }: RunInParts,
  { until, signal }: CopyRequest,
  { copier, clock }: Pick<CopyDeps, 'copier' | 'clock'>,
): Promise<'completed' | 'gone' | { readonly done: number; readonly parts: number }> => {
  const listed = await copier.listParts(uploadId, signal);
  if (listed === 'gone') return 'gone';
  const isWhole = ({ PartNumber, Size }: CopiedPart): boolean => {
    const { start, end } = partRange(plan, source.size, PartNumber);
    return Size === end - start + 1;
  };
  const there = new Set(listed.filter(isWhole).map(({ PartNumber }) => PartNumber));
  const missing = Array.from({ length: plan.parts }, (_, index) => index + 1).filter(
    (number) => !there.has(number),
  );
  let isGone = false;
  const copied = await pMap(
    missing,
    async (number): Promise<number> => {
      if (isGone || clock.now() >= until) return 0;
      isGone ||=
        (await copier.copyPart(
          source,
          { uploadId, number, ...partRange(plan, source.size, number) },
          signal,
        )) === 'gone';
      return isGone ? 0 : 1;
    },
    { concurrency: AT_ONCE },
  );
  if (isGone) return 'gone';
  const done = there.size + copied.reduce((sum, one) => sum + one, 0);
  if (done < plan.parts) return { done, parts: plan.parts };
  const parts = missing.length === 0 ? listed : await copier.listParts(uploadId, signal);
  if (parts === 'gone') return 'gone';
  return copier.complete(uploadId, plan, { parts, size: source.size }, signal);
};
