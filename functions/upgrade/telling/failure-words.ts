import type { FailureWords } from '../../rules/failure-notice.ts';

/** Of a look or a plan that failed; an upgrade that had begun tells its own end. */
export const FAILURE_WORDS: FailureWords = {
  capability: 'upgrade',
  matters: 'What this execution was to find out or to do is not done; the daily check looks again.',
  did: 'Recorded it; nothing was changed by this.',
  stops: 'nothing is checked',
};
