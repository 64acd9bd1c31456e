/** How long marks are waited for, and how often somebody looks. Source of the limits: records/backup/run-limits.ts. */

/** The first snapshot of a database of terabytes takes hours; those behind it minutes, since only changes are copied. */
export const SNAPSHOT_HOURS = 6;

/** A service that does not answer is asked again for so long, while the backup waits. */
export const PATIENCE_MINUTES = 10;

/** Gitaly's bucket is counted for so long; beyond that a person has to expire what is old in it. */
export const COUNT_HOURS = 2;

const SHORTEST_SECONDS = 10;
/** Six hours of it leave some 220 looks. */
const LONGEST_SECONDS = 120;
/** A look is late by so much of what has passed. */
const SHARE = 15;

/** Seconds until the next look: often at first, then in step with how long it has taken already. */
export const waitForMark = (startedAt: Date, now: Date): number => {
  const seconds = Math.max(0, now.getTime() - startedAt.getTime()) / 1_000;
  return Math.round(Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, seconds / SHARE)));
};

/** Have so many minutes passed? */
export const isOver = (since: Date, now: Date, minutes: number): boolean =>
  now.getTime() - since.getTime() >= minutes * 60_000;

/** Is it worth asking again whoever does not answer? @param silentSince absent: they answered until now. */
export const isPatient = (
  { silentSince }: { readonly silentSince?: string | undefined },
  now: Date,
): boolean => silentSince === undefined || !isOver(new Date(silentSince), now, PATIENCE_MINUTES);
