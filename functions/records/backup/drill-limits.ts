/** How often and how long one execution of `restore-drill` looks and waits, and how it names what it starts. */

/**
 * Looks of one execution at most. They are 2 to 600 s apart, as those of a restore, so that two days need about 370; the
 * history stays below its 25,000 events.
 */
export const MAX_DRILL_LOOKS = 1_300;
/** Looks at Helm releases: two of each execution, and those of its retries. */
export const MAX_DRILL_INSPECTIONS = 60;

/** Executions of `restore` that a drill starts are called so; no other restore passes for one. */
export const DRILL_RESTORE_PREFIX = 'drill-';
