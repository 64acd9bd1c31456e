import type { Clock } from '../../functions/runtime/clock.ts';

/** A clock that stands still until a test moves it; `sleep` moves it and takes no time. */
export const createManualClock = (start: string): Clock & { advance(ms: number): void } => {
  let now = Date.parse(start);
  const advance = (ms: number): void => {
    now += ms;
  };
  return {
    now: () => new Date(now),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      advance(ms);
    },
    advance,
  };
};
