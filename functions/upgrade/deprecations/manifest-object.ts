import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import * as z from 'zod';
import { dropBodies } from './manifest-trim.ts';
import { lookupRuledApi } from './table.ts';

/** Reads objects out of one piece of YAML or JSON; lines count from the piece's own first line, 1. */

export interface RuledObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty when none is written. */
  readonly namespace: string;
  readonly name: string;
  /** Where its apiVersion stands. */
  readonly line: number;
}

const NO_NAME = '(no name)';

export interface Reading {
  readonly objects: readonly RuledObject[];
  /** What is wrong with the text, and at which of its lines. */
  readonly faults: readonly { readonly line: number; readonly what: string }[];
}

/**
 * Reads the objects of a ruled apiVersion and kind in a piece of text, those in a list too. What a parser cannot make
 * sense of is a fault, and what can be told from the lines alone is taken all the same.
 */
export const readObjects = (text: string): Reading => {
  if (text.length <= EASY) return parse(text);
  if (isJson(text)) return readLargeJson(text);
  const small = dropBodies(text);
  if (small.replaceAll(/\n+/g, '\n').length <= MOST) return parse(small);
  return { objects: readLines(small), faults: [{ line: 1, what: TOO_LARGE }] };
};

/** Read as it is, so that every fault in it is seen. */
const EASY = 64 * 1024;
/** What the API server takes of one object: etcd, --max-request-bytes. */
const MOST = 1.5 * 1024 * 1024;
const TOO_LARGE = 'it is larger than any object can be, and was not read';

export const isJson = (text: string): boolean => /^[\s\uFEFF]*[{[]/.test(text);

const Large = z.object({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.object({ namespace: z.string().optional(), name: z.string().optional() }).default({}),
});
const LargeList = Large.extend({ items: z.array(Large).optional() });

/** JSON by a parser that takes it at a hundred times the speed; the line is that of the first apiVersion. */
const readLargeJson = (text: string): Reading => {
  try {
    const { items, ...own } = LargeList.parse(JSON.parse(text));
    const line = text.slice(0, text.indexOf('"apiVersion"')).split('\n').length;
    const listed = own.kind?.endsWith('List') ? items : undefined;
    const inherited = inheritFrom(own);
    const objects = listed?.map((item) => ({ ...inherited, ...item })) ?? [own];
    return {
      objects: objects.flatMap(({ metadata: { namespace, name }, apiVersion, kind }) =>
        toRuled({ apiVersion, kind, namespace, name, line }),
      ),
      faults: [],
    };
  } catch {
    return { objects: [], faults: [{ line: 1, what: 'it is no JSON of one object' }] };
  }
};

/** What the items of a typed list need not repeat: an IngressList holds Ingresses of its own version. */
const inheritFrom = ({
  apiVersion,
  kind,
}: {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
}): { readonly apiVersion?: string | undefined; readonly kind?: string } =>
  kind === undefined || kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -4) };

const parse = (text: string): Reading => {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    logLevel: 'silent',
    prettyErrors: false,
    uniqueKeys: false,
  });
  const parsed = Array.isArray(documents) ? documents : [];
  const objects = parsed.flatMap((document) => readDocument(document, lines));
  const [error] = parsed.flatMap(({ errors }) => errors);
  if (error) {
    const fault = { line: lines.linePos(error.pos[0]).line, what: error.message };
    return { objects: mend(objects, text), faults: [fault] };
  }
  return { objects, faults: parsed.flatMap((document) => findExpression(document, lines)) };
};

/** What a parser lost of a broken document, taken from its lines. */
const mend = (objects: readonly RuledObject[], text: string): readonly RuledObject[] => {
  const [only, ...others] = objects;
  if (others.length > 0 || (only && only.name !== NO_NAME)) return objects;
  const read = readLines(text);
  return read.length > 0 ? read : objects;
};

/** `apiVersion: {{ ... }}` of a template that was not rendered reads as a map within a map. */
const findExpression = ({ contents }: Document.Parsed, lines: LineCounter): Reading['faults'] => {
  const value: unknown = isMap(contents) ? contents.get('apiVersion', true) : undefined;
  if (!isMap(value)) return [];
  const what = 'its apiVersion is an expression of a template; render the chart first (helm template)';
  return [{ line: lines.linePos(value.range?.[0] ?? 0).line, what }];
};

const readDocument = (document: Document.Parsed, lines: LineCounter): RuledObject[] => {
  if (!isMap(document.contents)) return [];
  const list = readMap(document.contents, document, lines, {});
  const items: unknown = document.contents.get('items', true);
  if (!list.kind?.endsWith('List') || !isSeq(items)) return toRuled(list);
  const inherited = inheritFrom(list);
  return items.items.flatMap((item) =>
    isMap(item) ? toRuled(readMap(item, document, lines, inherited)) : [],
  );
};

interface Head {
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly line: number;
}

const readMap = (
  map: YAMLMap,
  document: Document.Parsed,
  lines: LineCounter,
  inherited: { readonly apiVersion?: string | undefined; readonly kind?: string },
): Head => {
  const text = (node: unknown, key: string): string | undefined => {
    if (!isMap(node)) return undefined;
    const found: unknown = node.get(key, true);
    const value = isAlias(found) ? found.resolve(document) : found;
    const scalar = isScalar(value) ? value.value : undefined;
    return typeof scalar === 'string' || typeof scalar === 'number' ? String(scalar) : undefined;
  };
  const metadata: unknown = map.get('metadata', true);
  const key = map.items.find(({ key }) => isScalar(key) && key.value === 'apiVersion')?.key;
  const at = isScalar(key) ? key.range?.[0] : map.range?.[0];
  const prefix = text(metadata, 'generateName');
  return {
    apiVersion: text(map, 'apiVersion') ?? inherited.apiVersion,
    kind: text(map, 'kind') ?? inherited.kind,
    namespace: text(metadata, 'namespace'),
    name: text(metadata, 'name') ?? (prefix === undefined ? undefined : `${prefix}*`),
    line: lines.linePos(at ?? 0).line,
  };
};

const toRuled = ({ apiVersion, kind, namespace, name, line }: Head): RuledObject[] =>
  apiVersion !== undefined && kind !== undefined && lookupRuledApi(apiVersion, kind)
    ? [{ apiVersion, kind, namespace: namespace ?? '', name: name ?? NO_NAME, line }]
    : [];

/** What the lines of a broken document still say, when its own keys are not indented. */
const readLines = (text: string): RuledObject[] => {
  const apiVersion = valueOf(text, /^["']?apiVersion["']?[ \t]*:[ \t]*(.*)$/m);
  const head: Head = {
    apiVersion,
    kind: valueOf(text, /^["']?kind["']?[ \t]*:[ \t]*(.*)$/m),
    namespace: valueOf(text, /^[ \t]{1,4}["']?namespace["']?[ \t]*:[ \t]*(.*)$/m),
    name: valueOf(text, /^[ \t]{1,4}["']?name["']?[ \t]*:[ \t]*(.*)$/m),
    line: text.slice(0, text.search(/^["']?apiVersion/m)).split('\n').length,
  };
  return toRuled(head);
};

const valueOf = (text: string, line: RegExp): string | undefined =>
  line
    .exec(text)?.[1]
    ?.replace(/[ \t]#.*$/, '')
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2');
