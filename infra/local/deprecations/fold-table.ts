import { compareMinors, minorNumber, shiftMinor } from '../../../functions/records/kubernetes-version.ts';
import {
  apiVersionOf,
  type KubernetesRow,
  type KubernetesTable,
} from '../../../functions/upgrade/deprecations/api-row.ts';
import { guessResource, type Lifecycle, type Serving } from './lifecycle.ts';

/** A type as one release of a module has it. */
export interface ReleasedType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly lifecycle: Lifecycle;
  readonly serving?: Serving;
}

/** One release of a Go module: `k8s.io/api@v0.37.2` is the module of Kubernetes 1.37. */
export interface Release {
  readonly module: string;
  readonly minor: string;
  readonly types: readonly ReleasedType[];
}

/**
 * Folds releases into one row a type. The newest release that has a type speaks for it; one that left the module is
 * gone from the minor after the last that had it, when its marker says later. Without any marker it never was a
 * resource, and its leaving says nothing. Lists end with what they list.
 */
export const foldTable = (releases: readonly Release[]): Pick<KubernetesTable, 'modules' | 'rows'> => {
  const newestFirst = releases.toSorted((a, b) => compareMinors(b.minor, a.minor));
  const newest = newestFirst[0]?.minor;
  if (newest === undefined) throw new Error('no release of k8s.io/api was read');
  const rows = new Map<string, KubernetesRow>();
  const modules = new Set<string>();
  for (const { module, minor, types } of newestFirst) {
    if (minor === newest) modules.add(module);
    const known = new Set(types.map(({ group, version, kind }) => keyOf(group, version, kind)));
    for (const type of types) {
      const key = keyOf(type.group, type.version, type.kind);
      const listed = /^(.+)List$/.exec(type.kind)?.[1];
      const isList = listed !== undefined && known.has(keyOf(type.group, type.version, listed));
      if (isList || rows.has(key)) continue;
      rows.set(key, foldType(type, minor, newest));
      modules.add(module);
    }
  }
  const byIdentity = (a: KubernetesRow, b: KubernetesRow): number => (sortKey(a) < sortKey(b) ? -1 : 1);
  return { modules: [...modules], rows: [...rows.values()].toSorted(byIdentity) };
};

const keyOf = (group: string, version: string, kind: string): string => `${group}/${version} ${kind}`;
const sortKey = ({ group, version, kind }: KubernetesRow): string => `${group}\n${kind}\n${version}`;

const foldType = (
  { group, version, kind, lifecycle, serving }: ReleasedType,
  minor: string,
  newest: string,
): KubernetesRow => {
  const { introduced, deprecated, replacement } = lifecycle;
  if (introduced === undefined) {
    throw new Error(`${apiVersionOf({ group, version })} ${kind} has no release in which it was introduced`);
  }
  const hasLeft = compareMinors(minor, newest) < 0;
  const gone = shiftMinor(minor, 1);
  const marked = lifecycle.removed;
  const removed = marked !== undefined && hasLeft && compareMinors(gone, marked) < 0 ? gone : marked;
  return {
    group,
    version,
    kind,
    ...(serving?.listable ? { resource: guessResource(kind) } : {}),
    ...(serving?.clusterScoped ? { clusterScoped: true as const } : {}),
    introduced,
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(removed === undefined ? {} : { removed }),
    ...(replacement === undefined ? {} : { replacement }),
    ...(isAssumed(version, lifecycle, newest) && !hasLeft ? { assumed: true as const } : {}),
    ...(hasLeft ? { lastIn: minor } : {}),
  };
};

/**
 * What prerelease-lifecycle-gen fills in where an author set no end: deprecated 3 minors after the introduction,
 * removed 6 after it. For an alpha version that lies ahead, that is no decision: later releases dropped the default.
 */
const isAssumed = (version: string, lifecycle: Lifecycle, newest: string): boolean => {
  const { introduced, deprecated, removed } = lifecycle;
  if (!version.includes('alpha') || !introduced || !deprecated || !removed) return false;
  const [from, warned, gone] = [introduced, deprecated, removed].map(minorNumber);
  const isDefault = warned === Number(from) + 3 && gone === Number(from) + 6;
  return isDefault && compareMinors(removed, newest) > 0;
};

/** One row a line, so that a difference of two tables can be read. */
export const formatTable = ({ modules, written, rows }: KubernetesTable): string =>
  [
    '{',
    `"modules": ${JSON.stringify(modules)},`,
    `"written": ${JSON.stringify(written)},`,
    '"rows": [',
    rows.map((row) => JSON.stringify(row)).join(',\n'),
    ']',
    '}',
    '',
  ].join('\n');
