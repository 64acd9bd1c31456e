import type { ReleaseFacts } from '../../records/backup/release-facts.ts';

/** Of a release that could not be read. @param problem a sentence, with or without its dot. */
export const sayUnknown = (
  readAt: Date,
  problem: string,
  permission?: string,
): Extract<ReleaseFacts, { state: 'unknown' }> => ({
  state: 'unknown',
  version: 1,
  readAt: readAt.toISOString(),
  problem: problem.endsWith('.') ? problem : `${problem}.`,
  ...(permission === undefined ? {} : { permission }),
});
