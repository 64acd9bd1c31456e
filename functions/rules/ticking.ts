import type { Clock } from '../runtime/clock.ts';

const TICK = Symbol('tick');

/**
 * Yields what a source yields, and its latest value again after each `tickMs` of silence: a rule with graces and
 * deadlines has to be asked again although nothing changed. Ends when the source ends; a source that still waits
 * when the caller stops is not waited for, so the caller has to abort it.
 */
export async function* withTicks<T>(
  source: AsyncIterable<T>,
  tickMs: number,
  clock: Clock,
): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let latest: { value: T } | undefined;
  let pending = iterator.next();
  try {
    for (;;) {
      const first = latest
        ? await Promise.race([pending, clock.sleep(tickMs).then((): typeof TICK => TICK)])
        : await pending;
      if (first !== TICK) {
        if (first.done) return;
        latest = { value: first.value };
        pending = iterator.next();
      }
      if (latest) yield latest.value;
    }
  } finally {
    pending.catch(() => undefined);
    // Not awaited: a generator answers `return` only after what it waits for, which may be never.
    iterator.return?.().catch(() => undefined);
  }
}
