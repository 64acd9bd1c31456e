import { setTimeout as delay } from 'node:timers/promises';

/** Long enough for cold Lambdas on a busy machine; a test that waits for it has failed. Milliseconds. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

/**
 * Waits until something is so, by looking at it.
 *
 * @param what completes the sentence "waited in vain until ...".
 * @returns the first answer that is neither false nor undefined.
 */
export const waitFor = async <T>(
  what: string,
  look: () => Promise<T | false | undefined>,
  patienceMs = PATIENCE_MS,
): Promise<T> => {
  const end = performance.now() + patienceMs;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const seen = await look();
      if (seen !== false && seen !== undefined) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    await delay(LOOK_MS);
  }
  throw new Error(`Waited in vain until ${what}.`, { cause: last });
};
