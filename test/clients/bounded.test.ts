import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapBounded } from '../../functions/clients/bounded.ts';

describe('a few at a time', () => {
  it('gives the results in the order of the items, however long each takes', async () => {
    const results = await mapBounded([30, 1, 20, 5], 2, async (ms) => {
      await delay(ms);
      return `after ${ms}`;
    });
    expect(results).toEqual(['after 30', 'after 1', 'after 20', 'after 5']);
  });

  it.each([
    [4, 10, 4],
    [4, 2, 2],
    [1, 3, 1],
  ])(
    'with a width of %i and %i items never more than %i run, and that many do',
    async (width, count, most) => {
      let running = 0;
      let seen = 0;
      await mapBounded(Array.from({ length: count }), width, async () => {
        running += 1;
        seen = Math.max(seen, running);
        await delay(1);
        running -= 1;
      });
      expect(seen).toBe(most);
    },
  );

  it('fails with the first failure, and begins nothing behind it', async () => {
    const begun: number[] = [];
    const failure = new Error('no');
    const work = mapBounded([1, 2, 3, 4, 5, 6], 2, async (item) => {
      begun.push(item);
      if (item === 2) throw failure;
      await delay(5);
    });
    await expect(work).rejects.toBe(failure);
    await delay(20);
    expect(begun).toEqual([1, 2]);
  });

  it('of nothing is nothing', async () => {
    expect(await mapBounded([], 4, async () => 1)).toEqual([]);
  });
});
