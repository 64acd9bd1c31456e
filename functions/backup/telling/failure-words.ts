import type { FailureWords } from '../../rules/failure-notice.ts';

/** Of an execution of this capability that is no backup's: an end of those tells more. */
export const FAILURE_WORDS: FailureWords = {
  capability: 'backup',
  matters: 'Sets stay as they are until its next run: what was due to be read again or deleted is not.',
  did: 'Recorded it; no backup was changed by this.',
  stops: 'nothing of it runs',
};
