/**
 * Reads what the Go sources of Kubernetes say of their types: when each is introduced, deprecated and removed
 * (`zz_generated.prerelease-lifecycle.go`), and which can be listed (`types.go`).
 */

/** The life of one type, as its generated methods return it. Versions are `1.36`. */
export interface Lifecycle {
  readonly introduced?: string;
  readonly deprecated?: string;
  readonly removed?: string;
  readonly replacement?: { readonly group: string; readonly version: string; readonly kind: string };
}

const VERSION_METHOD =
  /^func \(in \*(\w+)\) APILifecycle(Introduced|Deprecated|Removed)\(\) \(major, minor int\) \{\s*return (\d+), (\d+)\s*\}/gm;
const REPLACEMENT_METHOD =
  /^func \(in \*(\w+)\) APILifecycleReplacement\(\) schema\.GroupVersionKind \{\s*return schema\.GroupVersionKind\{Group: "([^"]*)", Version: "([^"]*)", Kind: "([^"]*)"\}\s*\}/gm;
const METHOD = /^func \(in \*\w+\) APILifecycle/gm;

/**
 * Reads the types of one `zz_generated.prerelease-lifecycle.go`, by name.
 *
 * @throws Error when a method is written otherwise than the generator writes it: a table with holes would be worse.
 */
export const readLifecycles = (source: string): Map<string, Lifecycle> => {
  const types = new Map<string, Lifecycle>();
  let read = 0;
  const add = (type: string, part: Lifecycle): void => {
    types.set(type, { ...types.get(type), ...part });
    read += 1;
  };
  for (const [, type = '', what = '', major, minor] of source.matchAll(VERSION_METHOD)) {
    add(type, { [what.toLowerCase()]: `${major}.${minor}` });
  }
  for (const [, type = '', group = '', version = '', kind = ''] of source.matchAll(REPLACEMENT_METHOD)) {
    add(type, { replacement: { group, version, kind } });
  }
  const methods = source.match(METHOD)?.length ?? 0;
  if (read !== methods) throw new Error(`only ${read} of ${methods} APILifecycle methods could be read`);
  return types;
};

/** How a type is served. */
export interface Serving {
  readonly listable: boolean;
  readonly clusterScoped: boolean;
}

/**
 * Reads from `types.go` how each type that has a client is served, by name. The tags are those of client-gen
 * (k8s.io/code-generator): a type without `+genclient` is no resource, and a review allows `create` alone.
 */
export const readServing = (source: string): Map<string, Serving> => {
  const types = new Map<string, Serving>();
  let tags: string[] = [];
  for (const line of source.split('\n')) {
    const type = /^type (\w+) struct\b/.exec(line)?.[1];
    if (type !== undefined && tags.includes('+genclient')) types.set(type, judgeTags(tags));
    const comment = /^\/\/\s*(.*)$/.exec(line)?.[1];
    if (comment !== undefined) tags.push(comment.trim());
    else if (line.trim() !== '') tags = [];
  }
  return types;
};

const judgeTags = (tags: readonly string[]): Serving => {
  const only = tags.find((tag) => tag.startsWith('+genclient:onlyVerbs='));
  const verbs = only?.slice(only.indexOf('=') + 1).split(',');
  return {
    listable: !tags.includes('+genclient:noVerbs') && (verbs?.includes('list') ?? true),
    clusterScoped: tags.includes('+genclient:nonNamespaced'),
  };
};

/** The plural that Kubernetes itself guesses (`meta.UnsafeGuessKindToResource`); right for every kind of its own. */
export const guessResource = (kind: string): string => {
  const singular = kind.toLowerCase();
  if (singular.endsWith('endpoints')) return singular;
  if (singular.endsWith('s')) return `${singular}es`;
  return singular.endsWith('y') ? `${singular.slice(0, -1)}ies` : `${singular}s`;
};

/** The API group of a package, from its `register.go`; the core group is empty. */
export const readGroup = (source: string): string | undefined =>
  /^const GroupName = "([^"]*)"/m.exec(source)?.[1];
