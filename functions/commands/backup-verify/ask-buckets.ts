import type { SourceState } from '../../backup/verify/expectation.ts';
import type { Part } from '../../backup/verify/parts.ts';
import { RefusedError, TransientError } from '../../runtime/errors.ts';
import type { Options } from './options.ts';
import type { BackupVerifyTools } from './tools.ts';

/** What the buckets say that the parts are backed up from. */
export interface AskedBuckets {
  readonly sources: { readonly [Name in Part]?: SourceState };
  /** Why some could not be asked; of those nothing is known. */
  readonly hints: readonly string[];
}

/** Asks each bucket that was named whether it holds anything. One that does not answer leaves its part unknown. */
export const askBuckets = async (
  { buckets, region }: Options,
  { readSourceBucket, showProgress }: BackupVerifyTools,
): Promise<AskedBuckets> => {
  if (buckets.length > 0) showProgress(`Asking ${buckets.length} buckets`);
  const answers = await Promise.all(
    buckets.map(async ({ part, bucket }) => {
      try {
        const state = await readSourceBucket({ bucket, ...(region === undefined ? {} : { region }) });
        return { part, state, hint: [] };
      } catch (error) {
        if (!(error instanceof RefusedError || error instanceof TransientError)) throw error;
        return { part, state: 'unknown' as const, hint: [`The bucket of ${part}: ${error.message}`] };
      }
    }),
  );
  return {
    sources: Object.fromEntries(answers.map(({ part, state }) => [part, state])),
    hints: answers.flatMap(({ hint }) => hint),
  };
};
