import {
  type CollectionTag,
  type Document,
  type ErrorCode,
  isScalar,
  LineCounter,
  parseDocument,
  type ScalarTag,
  type Tags,
  visit,
} from 'yaml';
import { isValueMap, type Value, type ValueMap } from './value-tree.ts';

/** What is wrong with a file of values, and where. Holds nothing of what stands in the file: that may be a secret. */
interface ValuesFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

type ReadValues =
  | { readonly ok: true; readonly values: ValueMap }
  | { readonly ok: false; readonly faults: readonly ValuesFault[] };

/** Helm keeps values in a Secret of at most 1 MiB, and all defaults of the chart have less than 0.1. */
export const MAX_VALUES_BYTES = 1024 ** 2;

/** Far above any true file; below what a few lines of nested aliases can grow to. */
const MAX_ALIASES = 10_000;
const MAX_MEMBERS = 50_000;
const MAX_DEPTH = 100;

/**
 * Reads one file as Helm does: YAML 1.1, in which `yes` and `on` are true, with anchors and merge keys. Two keys of
 * one name are a fault, although Helm takes the last: what the first one says is lost without a word.
 */
export const readValues = (text: string): ReadValues => {
  if (Buffer.byteLength(text) > MAX_VALUES_BYTES) {
    return fail(`has more than ${MAX_VALUES_BYTES / 1024 ** 2} MiB; these are no values of a chart`);
  }
  // Before it is parsed: a parser takes some 50 microseconds a member.
  if ((text.match(MAY_BEGIN_MEMBER)?.length ?? 0) > MAX_MEMBERS) return fail(TOO_MANY);
  if (text.trim() === '') return fail('is empty; did the command before the pipe fail?');
  try {
    return parse(text);
  } catch (error) {
    return fail(explain(error));
  }
};

/** The words of the library may quote the file, so they are not repeated. */
const explain = (error: unknown): string => {
  if (error instanceof TooMuch) return error.message;
  // Of thousands of nested brackets the parser runs out of stack.
  return error instanceof RangeError ? 'is nested too deep' : ALIASES;
};

const MAY_BEGIN_MEMBER = /[\n,[{]/g;
const TOO_MANY = 'holds more than a chart has values';

const ALIASES = 'has an alias (*name) or a merge key (<<) that leads nowhere, or that grows too large';

const fail = (message: string, line = 1, column = 1): ReadValues => ({
  ok: false,
  faults: [{ line, column, message }],
});

class TooMuch extends Error {
  override readonly name = 'TooMuch';
}

const parse = (text: string): ReadValues => {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    // Pretty errors quote the line.
    prettyErrors: false,
    version: '1.1',
    customTags: dropForeign,
    // Its own check compares every key with every other one.
    uniqueKeys: false,
    logLevel: 'error',
  });
  const errors = document.errors.map(({ code, pos }) => ({ code, offset: pos[0] }));
  const repeated = errors.length > 0 ? [] : findRepeatedKeys(document);
  const faults = [...errors, ...repeated].slice(0, MAX_FAULTS).map(({ code, offset }) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col), message: FAULTS[code] ?? NO_YAML };
  });
  if (faults.length > 0) return { ok: false, faults };
  const value = tidy(document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown, { members: 0 }, 0);
  // helm get values prints null when nothing was set.
  if (value === null) return { ok: true, values: {} };
  return isValueMap(value) ? { ok: true, values: value } : fail('holds no map of values');
};

/** The first ones say it; those behind often follow from them. */
const MAX_FAULTS = 5;

const findRepeatedKeys = (document: Document): { code: ErrorCode; offset: number }[] => {
  const found: { code: ErrorCode; offset: number }[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const keys = new Set<string>();
      for (const { key } of items) {
        const name = isScalar(key) ? String(key.value) : undefined;
        // A merge key may be there again.
        if (name === undefined || name === '<<') continue;
        if (keys.has(name))
          found.push({ code: 'DUPLICATE_KEY', offset: isScalar(key) ? (key.range?.[0] ?? 0) : 0 });
        keys.add(name);
      }
    },
  });
  return found;
};

const NO_YAML = 'this is no YAML';

const FAULTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  DUPLICATE_KEY:
    'this key is there twice in one map; Helm takes the last without a word, so keep one of them',
  TAB_AS_INDENT: 'a tab cannot indent YAML; use spaces',
  MULTIPLE_DOCS: 'the file holds several documents, of which Helm reads one; keep one',
  BAD_INDENT: 'this line is indented otherwise than the ones it belongs to',
  MISSING_CHAR: 'a sign is missing here, such as a colon, a quote or a bracket',
  BAD_ALIAS: ALIASES,
  UNEXPECTED_TOKEN: 'this cannot stand here in YAML',
  BLOCK_AS_IMPLICIT_KEY: 'a second colon makes a map where a plain value was begun; put the value in quotes',
};

/** Go's YAML has neither dates nor numbers to the base of sixty. */
const dropForeign = (tags: Tags): Tags =>
  tags.filter((tag): tag is CollectionTag | ScalarTag => {
    if (typeof tag === 'string') return false;
    return !FOREIGN.test(tag.tag) && !('format' in tag && tag.format === 'TIME');
  });

const FOREIGN = /:(timestamp|binary|omap|pairs|set)$/;

/** Takes plain data and nothing else, and not more of it than a chart has values. */
const tidy = (value: unknown, seen: { members: number }, depth: number): Value => {
  seen.members++;
  if (seen.members > MAX_MEMBERS || depth > MAX_DEPTH) throw new TooMuch(TOO_MANY);
  if (Array.isArray(value)) return value.map((member) => tidy(member, seen, depth + 1));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, tidy(member, seen, depth + 1)]),
    );
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'bigint' ? Number(value) : null;
};
