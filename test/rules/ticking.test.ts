import { describe, expect, it } from 'vitest';
import { withTicks } from '../../functions/rules/ticking.ts';
import type { Clock } from '../../functions/runtime/clock.ts';

/** A clock whose ticks come when the test says so. */
const createTicker = () => {
  const waiting: (() => void)[] = [];
  const clock: Clock = {
    now: () => new Date(0),
    sleep: () => new Promise((resolve) => waiting.push(resolve)),
  };
  return { clock, tick: () => waiting.splice(0).forEach((resolve) => resolve()) };
};

/** A source that yields what it is given, when it is given. */
const createSource = () => {
  type Item = { value?: string; error?: Error; end?: true };
  const queue: Item[] = [];
  const waiting: ((item: Item) => void)[] = [];
  let returned = 0;
  const put = (item: Item): void => {
    const next = waiting.shift();
    if (next) next(item);
    else queue.push(item);
  };
  const source: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const {
          value = '',
          error,
          end,
        } = queue.shift() ?? (await new Promise<Item>((give) => waiting.push(give)));
        if (error) throw error;
        return end ? { done: true, value: undefined } : { done: false, value };
      },
      return: async () => {
        returned += 1;
        return { done: true, value: undefined };
      },
    }),
  };
  return { source, put, returned: () => returned };
};

const start = () => {
  const { clock, tick } = createTicker();
  const { source, put, returned } = createSource();
  const ticks = withTicks(source, 1_000, clock);
  return { tick, put, returned, next: () => ticks.next(), stop: () => ticks.return(undefined) };
};

describe('a source with ticks', () => {
  it('yields what the source yields', async () => {
    const { put, next } = start();
    put({ value: 'a' });
    expect(await next()).toEqual({ done: false, value: 'a' });
    put({ value: 'b' });
    expect(await next()).toEqual({ done: false, value: 'b' });
  });

  it('yields the latest value again after silence, as often as silence lasts', async () => {
    const { put, next, tick } = start();
    put({ value: 'a' });
    await next();
    for (const _ of [1, 2]) {
      const again = next();
      tick();
      expect(await again).toEqual({ done: false, value: 'a' });
    }
  });

  it('loses no value that comes while it ticks', async () => {
    const { put, next, tick } = start();
    put({ value: 'a' });
    await next();
    const again = next();
    tick();
    await again;
    put({ value: 'b' });
    expect(await next()).toEqual({ done: false, value: 'b' });
  });

  it('has nothing to repeat before the first value: it waits', async () => {
    const { put, next, tick } = start();
    const first = next();
    tick();
    put({ value: 'a' });
    expect(await first).toEqual({ done: false, value: 'a' });
  });

  it('ends when the source ends, and fails when it fails', async () => {
    const ended = start();
    ended.put({ end: true });
    expect(await ended.next()).toMatchObject({ done: true });
    const failed = start();
    failed.put({ error: new Error('the watch broke') });
    await expect(failed.next()).rejects.toThrow('the watch broke');
  });

  it('stopped by its caller it lets the source go, also one that still waits', async () => {
    const { put, next, stop, returned } = start();
    put({ value: 'a' });
    await next();
    await stop();
    expect(returned()).toBe(1);
  });
});
