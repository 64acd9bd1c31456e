import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** Reading YAML so that every value can be found again in the text. Not for Lambdas: they get JSON. */

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface YamlFault extends Position {
  readonly message: string;
}

export interface YamlDocument {
  readonly value: unknown;
  /** Faults of the syntax; when there are any, `value` is not to be used. */
  readonly faults: readonly YamlFault[];
  /**
   * Where a value stands, or the key that leads to it. Of what is not there, the nearest that is: the key of the
   * map in which it is missing.
   */
  locate(path: readonly PropertyKey[], what: 'key' | 'value'): Position;
  /** How a plain value was written, before YAML took it for a number or another type. */
  sourceOf(path: readonly PropertyKey[]): string | undefined;
}

/** Times that aliases may be expanded, so that a few lines cannot grow to gigabytes. */
const MAX_ALIAS_COUNT = 200;

/** Reads one YAML 1.2 document with merge keys; two keys of one name are a fault. */
export const readYamlDocument = (text: string): YamlDocument => {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    // Its pretty errors quote the line, which may hold a secret.
    prettyErrors: false,
    merge: true,
    uniqueKeys: true,
  });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const faults = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    ...position(pos[0]),
    message: FAULTS[code] ?? message,
  }));
  const content = faults.length > 0 ? { value: undefined } : expand(document);
  return {
    value: content.value,
    faults: content.fault === undefined ? faults : [{ line: 1, column: 1, message: content.fault }],
    locate: (path, what) => position(findOffset(document, path, what)),
    sourceOf: (path) => findSource(document, path),
  };
};

/** The faults that people make most, in words that say what to do. */
const FAULTS: Record<string, string> = {
  DUPLICATE_KEY: 'this key is there twice in one map; keep one of them',
  TAB_AS_INDENT: 'a tab cannot indent YAML; use spaces',
  MULTIPLE_DOCS: 'the file holds several documents; keep one, without a line "---" in the middle',
};

const expand = (document: Document.Parsed): { value?: unknown; fault?: string } => {
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIAS_COUNT }) as unknown };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
};

interface Member {
  readonly key: unknown;
  readonly value: unknown;
}

const resolve = (document: Document.Parsed, node: unknown): unknown =>
  isAlias(node) ? node.resolve(document) : node;

/** A member of a map or list by its key; also one that comes by a merge key (`<<`). */
const findMember = (document: Document.Parsed, parent: unknown, key: PropertyKey): Member | undefined => {
  const node = resolve(document, parent);
  if (isSeq(node)) {
    const item = node.items[Number(key)];
    return item === undefined ? undefined : { key: item, value: item };
  }
  if (!isMap(node)) return undefined;
  const own = node.items.find((pair) => String(pair.key) === String(key));
  if (own) return own;
  const merged = node.items
    .filter(({ key }) => isScalar(key) && key.source === '<<')
    .map(({ value }) => value);
  return merged
    .flatMap((source) => {
      const list = resolve(document, source);
      return isSeq(list) ? list.items : [list];
    })
    .map((source) => findMember(document, source, key))
    .find((member) => member !== undefined);
};

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];

const findOffset = (
  document: Document.Parsed,
  path: readonly PropertyKey[],
  what: 'key' | 'value',
): number => {
  let offset = startOf(document.contents) ?? 0;
  let parent: unknown = document.contents;
  for (const [index, key] of path.entries()) {
    const member = findMember(document, parent, key);
    if (!member) return offset;
    const atKey = startOf(member.key) ?? offset;
    const isLast = index === path.length - 1;
    // A map begins on the line below its key: point at the key, which names it.
    const isPlain = isScalar(member.value) || isAlias(member.value);
    offset = isLast && what === 'value' && isPlain ? (startOf(member.value) ?? atKey) : atKey;
    parent = member.value;
  }
  return offset;
};

const findSource = (document: Document.Parsed, path: readonly PropertyKey[]): string | undefined => {
  let node: unknown = document.contents;
  for (const key of path) node = findMember(document, node, key)?.value;
  const scalar = resolve(document, node);
  return isScalar(scalar) ? scalar.source : undefined;
};
