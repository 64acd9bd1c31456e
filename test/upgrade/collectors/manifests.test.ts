import { expect, test } from 'vitest';
import { RefusedError } from '../../../functions/runtime/errors.ts';
import { collectManifests } from '../../../functions/upgrade/collectors/manifests.ts';
import { collectAll } from '../../support/collect-all.ts';

const budget = (name: string, version = 'v1beta1'): string =>
  `apiVersion: policy/${version}\nkind: PodDisruptionBudget\nmetadata:\n  name: ${name}\n`;

/** Files by name; what is no text cannot be read. */
const open = (files: Readonly<Record<string, string | Error>>) => {
  const reads: string[] = [];
  return {
    reads,
    list: async () => Object.keys(files),
    read: async (name: string) => {
      reads.push(name);
      const text = files[name];
      if (typeof text !== 'string') throw text ?? new Error('gone');
      return [{ name, text }];
    },
  };
};

const read = async (manifests: ReturnType<typeof open>) => {
  const { facts, cursors } = await collectAll(collectManifests, undefined, { manifests });
  return { ...(facts.manifests ?? { items: [], unread: [] }), cursors };
};

test('objects of ruled versions are found with file and line', async () => {
  const { items, unread } = await read(open({ 'a.yaml': budget('old'), 'b.yaml': budget('new', 'v1') }));
  expect(unread).toEqual([]);
  expect(items).toMatchObject([{ name: 'old', evidence: [{ source: 'file', file: 'a.yaml', line: 1 }] }]);
});

test('when nothing was given nothing is unread', async () => {
  const { facts } = await collectAll(collectManifests, undefined);
  expect(facts.manifests).toEqual({ items: [], unread: [] });
});

test('a file that cannot be read is named, and the others are', async () => {
  const refused = new RefusedError('manifest.unreadable', 'It is no archive.');
  const { items, unread } = await read(open({ 'bad.tar': refused, 'good.yaml': budget('old') }));
  expect(items).toHaveLength(1);
  expect(unread).toEqual([{ what: 'bad.tar', reason: 'It is no archive.' }]);
});

test.each(['', '\n \n', '<html>', '\u001f\u008b\u0008', 'replicas: 3\n'])(
  'a file without any object in it is none that is well: %j',
  async (text) => {
    const { unread } = await read(open({ 'a.yaml': budget('old'), 'web.yaml': text }));
    expect(unread).toEqual([
      { what: 'web.yaml', reason: 'there is no manifest in it', help: expect.stringMatching(/apiVersion/) },
    ]);
  },
);

test('unless it was found in a folder among others, and says something', async () => {
  const files = { ...open({ 'values.yaml': 'replicas: 3\n', 'empty.yaml': '' }), isFound: () => true };
  expect((await read(files)).unread).toMatchObject([{ what: 'empty.yaml' }]);
});

test('nor is an archive without a manifest', async () => {
  const manifests = { ...open({ 'charts.tgz': '' }), read: async () => [] };
  expect((await read(manifests)).unread).toMatchObject([{ what: 'charts.tgz' }]);
});

test('a file with a fault is named with its line', async () => {
  const { unread } = await read(open({ 'bad.yaml': 'apiVersion: policy/v1beta1\n  kind: [\n' }));
  expect(unread).toMatchObject([{ what: 'bad.yaml', reason: expect.stringContaining('line') }]);
});

test('many files are read slice by slice, each once and in whatever order they are listed', async () => {
  const names = Array.from({ length: 95 }, (_, index) => `m${(index * 37) % 95}.yaml`);
  const manifests = open(Object.fromEntries(names.map((name) => [name, budget(name)])));
  const { items, cursors } = await read(manifests);
  expect(items).toHaveLength(95);
  expect(manifests.reads.toSorted()).toEqual(names.toSorted());
  expect(cursors.length).toBe(4);
});

test('a list that is refused is said', async () => {
  const manifests = {
    ...open({}),
    list: () => Promise.reject(new RefusedError('manifest.too-large', 'There are too many.')),
  };
  expect((await read(manifests)).unread).toMatchObject([{ reason: 'There are too many.' }]);
});
