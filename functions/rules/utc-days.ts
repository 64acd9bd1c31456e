/** Days as the support calendar counts them: from midnight to midnight UTC, whatever zone the reader lives in. */

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The moment at which a day (`2026-12-02`) begins in UTC. */
export const startOfDay = (day: string): Date => new Date(`${day}T00:00:00.000Z`);

/**
 * Whole days from today until a day: 1 is tomorrow, 0 today, negative after it. Days of UTC have no summer time, so
 * each is 24 hours long.
 */
export const daysUntil = (day: string, now: Date): number =>
  (startOfDay(day).getTime() - Math.floor(now.getTime() / DAY_MS) * DAY_MS) / DAY_MS;
