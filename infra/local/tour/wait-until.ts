import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 100;

/** A scene that did not go as told: says what was waited for, or what was claimed and what was seen. */
export class SceneFailed extends Error {
  override readonly name = 'SceneFailed';
}

/**
 * Looks until something is so.
 *
 * @param what completes the sentence "Waited 30 s in vain until ...".
 * @param look gives what was waited for, or undefined while it is not there; an error counts as not there.
 * @throws SceneFailed when the time is over.
 */
export const waitUntil = async <T>(
  what: string,
  look: () => Promise<T | undefined>,
  seconds = 30,
): Promise<T> => {
  const deadline = performance.now() + seconds * 1000;
  let cause: unknown;
  do {
    try {
      const seen = await look();
      if (seen !== undefined) return seen;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(LOOK_MS);
  } while (performance.now() < deadline);
  const last = cause instanceof Error ? ` The last look failed: ${cause.message}` : '';
  throw new SceneFailed(`Waited ${seconds} s in vain until ${what}.${last}`, { cause });
};
