import type { Clock } from '../../functions/runtime/clock.ts';

/** A clock that stands still until it is told to move, or until somebody sleeps on it. */
export interface FixedClock extends Clock {
  advance(ms: number): void;
}

/** Makes a clock at `start`; sleeping moves it and takes no time. */
export const createFixedClock = (start = '2026-03-01T12:00:00.000Z'): FixedClock => {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      now += ms;
    },
  };
};
