/** Seconds between two looks at most while the lock must live: it holds for 600 (`rules/locking.ts`). */
export const LONGEST_POLL_SECONDS = 300;
const SHORTEST_POLL_SECONDS = 20;

/** Seconds until the next look: a tenth of what has passed, so that a short update ends soon and a long one costs little. */
export const pollSeconds = (startedAt: string | undefined, now: Date): number => {
  const passed = startedAt === undefined ? 0 : (now.getTime() - Date.parse(startedAt)) / 1_000;
  return Math.round(Math.min(LONGEST_POLL_SECONDS, Math.max(SHORTEST_POLL_SECONDS, passed / 10)));
};
