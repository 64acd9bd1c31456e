/**
 * What becomes of one key of a bucket when it is to be as it was at a moment. Nothing is destroyed by it: an object gets a
 * new version that is like the old one, or a delete marker.
 */

/** A version of a key, or a delete marker. Source: S3 API, ListObjectVersions. */
export interface KeyVersion {
  readonly key: string;
  /** `null` for one that was written while the bucket made no versions. */
  readonly versionId: string;
  /** ISO 8601; S3 knows whole seconds. Of an upload in parts, when it was begun. */
  readonly at: string;
  readonly isLatest: boolean;
  /** Absent: a delete marker. */
  readonly object?: { readonly size: number; readonly etag: string; readonly storageClass: string };
}

/** What of a key has been seen so far. It is all that has to be kept of however many versions. */
export interface KeySeen {
  readonly key: string;
  readonly current?: KeyVersion;
  /** The version that was current at the moment. */
  readonly wanted?: KeyVersion;
}

type KeyChange =
  | { readonly deed: 'none' }
  /** Another version becomes the current one. */
  | { readonly deed: 'copy'; readonly version: KeyVersion & Required<Pick<KeyVersion, 'object'>> }
  /** It was not there, so that it gets a delete marker. */
  | { readonly deed: 'mark' };

/**
 * Takes one more version of a key into account, in whatever order they come. Of a version and a delete marker of one second
 * nobody can tell which came first: the version counts, since an object too many harms nobody.
 *
 * @param moment milliseconds.
 */
export const seeVersion = (seen: KeySeen, version: KeyVersion, moment: number): KeySeen => ({
  ...seen,
  ...(version.isLatest ? { current: version } : {}),
  ...(Date.parse(version.at) <= moment && isLater(version, seen.wanted) ? { wanted: version } : {}),
});

const isLater = (one: KeyVersion, other: KeyVersion | undefined): boolean => {
  if (other === undefined) return true;
  const difference = Date.parse(one.at) - Date.parse(other.at);
  if (difference !== 0) return difference > 0;
  if (one.isLatest || other.isLatest) return one.isLatest;
  // Versions come newest first, so that the first of two objects stays.
  return one.object !== undefined && other.object === undefined;
};

/** What is done with a key of which everything was seen. */
export const changeKey = ({ current, wanted }: KeySeen): KeyChange => {
  const is = current?.object;
  if (wanted?.object === undefined) return is === undefined ? { deed: 'none' } : { deed: 'mark' };
  const isThere = wanted.isLatest || (is?.etag === wanted.object.etag && is.size === wanted.object.size);
  return isThere ? { deed: 'none' } : { deed: 'copy', version: { ...wanted, object: wanted.object } };
};

/** What of a key is copied to where nothing is known of it: the version that was current, or nothing. */
export const takeKey = ({ wanted }: KeySeen): KeyChange =>
  wanted?.object === undefined
    ? { deed: 'none' }
    : { deed: 'copy', version: { ...wanted, object: wanted.object } };

interface GroupedKeys {
  /** Keys of which everything was seen. */
  readonly whole: readonly KeySeen[];
  /** The last one, of which the next page may hold more. */
  readonly open?: KeySeen;
}

/**
 * Parts a page of versions into its keys. The versions of one key lie behind each other, over as many pages as they take.
 *
 * @param open what the page before left.
 * @param moment milliseconds.
 * @param isLast whether no page comes behind this one.
 */
export const groupPage = (
  open: KeySeen | undefined,
  page: readonly KeyVersion[],
  moment: number,
  isLast: boolean,
): GroupedKeys => {
  const keys = new Map<string, KeySeen>(open ? [[open.key, open]] : []);
  for (const version of page) {
    const { key } = version;
    keys.set(key, seeVersion(keys.get(key) ?? { key }, version, moment));
  }
  const all = [...keys.values()];
  if (isLast) return { whole: all };
  const last = all.toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))).at(-1);
  return { whole: all.filter((one) => one !== last), ...(last ? { open: last } : {}) };
};
