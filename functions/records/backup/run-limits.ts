/**
 * How often the loops of one backup go round at most, so that no execution outgrows the 25,000 events of its history;
 * whoever builds the machine reckons with these, and the functions end at them with a sentence.
 */

/** Asks for its turn while another run holds the environment: six hours, one every two minutes. */
export const MAX_TURN_ASKS = 180;
export const TURN_WAIT_SECONDS = 120;

/** Asks for its turn again before the Job, when somebody took the environment in between: two hours. */
export const MAX_START_ASKS = 60;

/** Looks at the pod of the probe, each up to 40 s. */
export const MAX_PROBE_LOOKS = 30;

/** Looks at a snapshot or a count that is being made, before the Job and after it, and before a verdict that is renewed. */
export const MAX_MARK_LOOKS = { 'before-job': 240, 'after-job': 120, again: 60 } as const;

/**
 * Looks at a Job. They are 2 s apart at first and 180 s in the end (functions/backup/run/look-interval.ts), so that the
 * longest Job that drydock.yaml takes, 48 hours, needs about 1,100.
 */
export const MAX_JOB_LOOKS = 1_200;
