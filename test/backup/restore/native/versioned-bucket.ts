import type { KeyVersion } from '../../../../functions/backup/restore/native/key-history.ts';

/** A bucket with versions in memory, with a clock of its own. It lists as S3 does: keys in byte order, newest first. */
export interface VersionedBucket {
  now(): number;
  wait(seconds: number): void;
  put(key: string, content: string): void;
  /** @param when `later`: seen in no list before `settle`, as what is written while a list is read may be. */
  remove(key: string, when?: 'later'): void;
  copy(key: string, versionId: string, when?: 'later'): void;
  settle(): void;
  page(from: number, size: number): { readonly versions: readonly KeyVersion[]; readonly isLast: boolean };
  /** What everybody sees: content by key. */
  state(): Record<string, string>;
  count(): number;
}

type Entry = Omit<KeyVersion, 'isLatest'>;

/** @param clock by which it dates what is written; its own, which `wait` turns, where none is given. */
export const createVersionedBucket = (clock?: () => number): VersionedBucket => {
  let own = 1_764_000_000_000;
  const now = clock ?? (() => own);
  let number = 0;
  const history = new Map<string, Entry[]>();
  const later: (() => void)[] = [];
  const add = (key: string, content: string | undefined): void => {
    number += 1;
    const object =
      content === undefined ? {} : { object: { size: 1, etag: content, storageClass: 'STANDARD' } };
    const entry = { key, versionId: `v${number}`, at: wholeSeconds(now()), ...object };
    history.set(key, [entry, ...(history.get(key) ?? [])]);
  };
  const perform = (deed: () => void, when: 'later' | undefined): void => {
    if (when === 'later') later.push(deed);
    else deed();
  };
  const all = (): KeyVersion[] =>
    [...history.keys()]
      .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .flatMap((key) => (history.get(key) ?? []).map((one, index) => ({ ...one, isLatest: index === 0 })));
  return {
    now,
    wait: (seconds) => {
      own += seconds * 1_000;
    },
    put: (key, content) => add(key, content),
    remove: (key, when) => perform(() => add(key, undefined), when),
    copy: (key, versionId, when) => {
      const content = history.get(key)?.find((one) => one.versionId === versionId)?.object?.etag;
      perform(() => add(key, content), when);
    },
    settle: () => {
      for (const deed of later.splice(0)) deed();
    },
    page: (from, size) => {
      const versions = all();
      return { versions: versions.slice(from, from + size), isLast: from + size >= versions.length };
    },
    state: () =>
      Object.fromEntries(
        [...history].flatMap(([key, [newest]]) => (newest?.object ? [[key, newest.object.etag]] : [])),
      ),
    count: () => [...history.values()].reduce((sum, versions) => sum + versions.length, 0),
  };
};

/** S3 knows whole seconds. */
const wholeSeconds = (ms: number): string => new Date(Math.floor(ms / 1_000) * 1_000).toISOString();
