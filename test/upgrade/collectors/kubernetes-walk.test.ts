import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ListQuestion } from '../../../functions/clients/kubernetes-reader.ts';
import {
  readWalks,
  type Walk,
  type Walked,
  walkLists,
  walkThrough,
} from '../../../functions/upgrade/collectors/kubernetes-walk.ts';
import { type FakeKubernetesReader, fakeKubernetesReader } from '../../support/fake-kubernetes-reader.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';

const NOW = { clock: createFixedClock(), signal: new AbortController().signal };

/** Lists `a.test`, `b.test`, ... of so many objects each. */
const lists = (lengths: readonly number[]) =>
  lengths.map((length, index) => {
    const name = String.fromCharCode(97 + index);
    const objects = Array.from({ length }, (_, at) => ({ metadata: { name: `${name}${at}` } }));
    return { walk: walkThrough('test/v1', name, name.toUpperCase()), key: `${name}.test`, objects };
  });
const open = (lengths: readonly number[], options: Parameters<typeof fakeKubernetesReader>[0] = {}) => {
  const made = lists(lengths);
  const objects = Object.fromEntries(made.map((one) => [one.key, one.objects]));
  return { reader: fakeKubernetesReader({ ...options, objects }), walks: made.map(({ walk }) => walk) };
};

const readSlice = async (
  reader: FakeKubernetesReader,
  walks: readonly Walk[],
  limits = { pages: 3, parallel: 2 },
): Promise<Walked & { names: string[] }> => {
  const names: string[] = [];
  const walked = await walkLists(
    walks,
    limits,
    NOW,
    (question) => reader.listMetadata(question),
    (items) => void names.push(...items.map(({ name }) => name)),
  );
  return { ...walked, names };
};

const LENGTHS = fc.array(fc.nat(12), { maxLength: 6 });
const LIMITS = fc.record({ pages: fc.integer({ min: 1, max: 6 }), parallel: fc.integer({ min: 1, max: 4 }) });

test('slice by slice every object comes once, and any slice can be read again', async () => {
  await fc.assert(
    fc.asyncProperty(LENGTHS, LIMITS, fc.integer({ min: 1, max: 4 }), async (lengths, limits, pageSize) => {
      const { reader, walks } = open(lengths, { pageSize });
      const seen: string[] = [];
      let from: readonly Walk[] | undefined = walks;
      while (from) {
        const slice = await readSlice(reader, from, limits);
        const again = await readSlice(reader, from, limits);
        expect(again.names.toSorted()).toEqual(slice.names.toSorted());
        expect(again.cursor).toBe(slice.cursor);
        seen.push(...slice.names);
        from = slice.cursor === undefined ? undefined : readWalks(slice.cursor);
      }
      const all = lists(lengths).flatMap(({ objects }) => objects.map(({ metadata }) => metadata.name));
      expect(seen.toSorted()).toEqual(all.toSorted());
    }),
  );
});

test('a slice reads no more pages than it may', async () => {
  await fc.assert(
    fc.asyncProperty(LENGTHS, LIMITS, async (lengths, limits) => {
      const { reader, walks } = open(lengths, { pageSize: 1 });
      await readSlice(reader, walks, limits);
      expect(reader.questions.length).toBeLessThanOrEqual(limits.pages);
    }),
  );
});

test('no more lists are read at once than it may, and not one after the other either', async () => {
  let [open, most] = [0, 0];
  const { walks } = lists([1, 1, 1, 1, 1, 1]).reduce<{ walks: Walk[] }>(
    (all, { walk }) => ({ walks: [...all.walks, walk] }),
    { walks: [] },
  );
  await walkLists(
    walks,
    { pages: 100, parallel: 4 },
    NOW,
    async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      open -= 1;
      return { items: [] };
    },
    () => undefined,
  );
  expect(most).toBe(4);
});

test('a slice begins no page after 20 seconds, and the next goes on', async () => {
  const clock = createFixedClock();
  const { reader, walks } = open([9], { pageSize: 1 });
  const slow = async (question: ListQuestion) => {
    clock.advance(9_000);
    return reader.listMetadata(question);
  };
  const seen: string[] = [];
  const limits = { pages: 100, parallel: 1 };
  const { cursor } = await walkLists(walks, limits, { ...NOW, clock }, slow, (items) => {
    seen.push(...items.map(({ name }) => name));
  });
  expect(seen).toEqual(['a0', 'a1', 'a2']);
  expect(readWalks(cursor ?? '')).toMatchObject([{ next: '3' }]);
});

test('a list that may not be read does not hide the others', async () => {
  const { reader, walks } = open([1, 1, 1], { forbidden: ['b.test'] });
  const { names, unread, cursor } = await readSlice(reader, walks);
  expect(names.toSorted()).toEqual(['a0', 'c0']);
  expect(unread).toMatchObject([{ what: 'b.test', permission: 'list b.test' }]);
  expect(cursor).toBeUndefined();
});

test('what was not reached in a list that fails half way is said', async () => {
  const { reader, walks } = open([5], { pageSize: 2 });
  const first = await readSlice(reader, walks, { pages: 1, parallel: 1 });
  const { reader: refusing } = open([5], { pageSize: 2, forbidden: ['a.test'] });
  const second = await readSlice(refusing, readWalks(first.cursor ?? ''));
  expect(first.names).toEqual(['a0', 'a1']);
  expect(second).toMatchObject({ names: [], unread: [{ what: 'a.test' }] });
});

test('a list that expired begins anew and ends', async () => {
  let expired = 0;
  const { reader, walks } = open([6], { pageSize: 2, expires: () => expired++ === 1 });
  const { names, unread, cursor } = await readSlice(reader, walks, { pages: 10, parallel: 1 });
  expect(names).toEqual(['a0', 'a1', 'a2', 'a3', 'a0', 'a1', 'a2', 'a3', 'a4', 'a5']);
  expect({ unread, cursor }).toEqual({ unread: [], cursor: undefined });
});

test('a list that expires for ever is given up and said, across slices', async () => {
  const { reader, walks } = open([6], { pageSize: 2, expires: () => true });
  let from: readonly Walk[] | undefined = walks;
  const unread: unknown[] = [];
  let slices = 0;
  while (from) {
    const slice: Walked = await readSlice(reader, from, { pages: 1, parallel: 1 });
    unread.push(...slice.unread);
    slices += 1;
    from = slice.cursor === undefined ? undefined : readWalks(slice.cursor);
  }
  expect(slices).toBe(5);
  expect(unread).toMatchObject([{ what: 'a.test', reason: expect.stringContaining('faster') }]);
});

test('time that is over says nothing about the cluster', async () => {
  const { reader, walks } = open([1], { forbidden: ['a.test'] });
  const list = (question: Parameters<typeof reader.listMetadata>[0]) => reader.listMetadata(question);
  const reading = walkLists(
    walks,
    { pages: 1, parallel: 1 },
    { ...NOW, signal: AbortSignal.abort() },
    list,
    () => undefined,
  );
  await expect(reading).rejects.toMatchObject({ code: 'kubernetes.forbidden' });
});

test.each(['', '{', '[{}]', '[{"resource":"x"}]'])('the cursor %j is none of ours', (cursor) => {
  expect(() => readWalks(cursor)).toThrow(expect.objectContaining({ code: 'collection.cursor' }));
});
