import type { UsedApiFact } from '../../records/upgrade/api-facts.ts';
import type { Unread } from '../../records/upgrade/facts.ts';
import { scanManifest } from '../deprecations/manifest-scan.ts';
import type { Collector, FactSources } from '../reading/collection.ts';
import { attempt } from './attempt.ts';
import { topicFacts } from './kubernetes-listed.ts';

const WHAT = 'manifests';

/** Files a slice: one may be a tar of many. */
const FILES = 20;

/**
 * Objects in manifests that the user gave. When none were given nothing is unread: nobody asked. The cursor is the
 * name of the last file that was read, so that files which come and go meanwhile move no other.
 */
export const collectManifests: Collector = {
  name: WHAT,
  collect: async ({ manifests }, _task, cursor, signal) => {
    if (!manifests) return { facts: topicFacts('manifests', [], []) };
    const listed = await attempt(WHAT, signal, () => manifests.list());
    if (!listed.ok) return { facts: topicFacts('manifests', [], [listed.unread]) };
    const names = listed.value.toSorted().filter((name) => cursor === undefined || name > cursor);
    const slice = names.slice(0, FILES);
    const items: UsedApiFact[] = [];
    const unread: Unread[] = [];
    for (const name of slice) {
      signal.throwIfAborted();
      await scanFile(manifests, name, signal, items, unread);
    }
    const last = slice.at(-1);
    return {
      facts: topicFacts('manifests', items, unread),
      ...(last === undefined || names.length === slice.length ? {} : { cursor: last }),
    };
  },
};

/** What a pipe that broke leaves behind, a page that asks for a sign-in, or gzip: in it nothing would be found, either. */
const NO_MANIFEST =
  'Look at what was given: it has to be YAML or JSON of Kubernetes objects, each with its apiVersion, or a tar of them.';

const scanFile = async (
  manifests: NonNullable<FactSources['manifests']>,
  name: string,
  signal: AbortSignal,
  items: UsedApiFact[],
  unread: Unread[],
): Promise<void> => {
  const read = await attempt(name, signal, () => manifests.read(name));
  if (!read.ok) {
    unread.push(read.unread);
    return;
  }
  const isBlank = read.value.every(({ text }) => text.trim() === '');
  const isOther = read.value.every(({ text }) => !text.includes('apiVersion'));
  if (isBlank || (isOther && !manifests.isFound?.(name))) {
    unread.push({
      what: read.value[0]?.name ?? name,
      reason: 'there is no manifest in it',
      help: NO_MANIFEST,
    });
  }
  for (const file of read.value) {
    const { objects, faults } = scanManifest(file.name, file.text);
    items.push(...objects);
    unread.push(...faults.map((reason) => ({ what: file.name, reason })));
  }
};
