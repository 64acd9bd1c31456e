import { RULED_API_VERSIONS } from './table.ts';

/**
 * The first look at manifests: where in the text an apiVersion stands that the tables rule, or one that only a parser
 * can read. Everything else is never parsed, which is what makes the scan of a large folder quick.
 */

/** Ways of writing JSON and YAML: quotes, a value on the next line, an explicit key (`? apiVersion`). */
const KEY_AND_VALUE = /apiVersion["']?[ \t\r\n]*:[ \t\r\n]*(?:["']?)([^\s"',}\]]*)/y;
/** Values that are more than a plain word: comments, anchors, aliases, tags, block scalars, escapes, templates. */
const NEEDS_PARSER = /^(?:$|[#&*!|>{[?])|\\/;

/** Offsets at which an apiVersion stands that is worth parsing, in the order of the text. */
export const findHits = (text: string): number[] => {
  const hits: number[] = [];
  for (let at = text.indexOf('apiVersion'); at !== -1; at = text.indexOf('apiVersion', at + 10)) {
    KEY_AND_VALUE.lastIndex = at;
    const value = KEY_AND_VALUE.exec(text)?.[1];
    if (value !== undefined && (RULED_API_VERSIONS.has(value) || NEEDS_PARSER.test(value))) hits.push(at);
  }
  return hits;
};

/** A part of the text by its offsets; `end` is behind it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A document with the hits inside, in the order of the text. */
export interface HitDocument extends Span {
  readonly hits: readonly number[];
}

const SEPARATOR = /^---(?=[ \t\r\n]|$)/gm;

/** The YAML documents of a text that hold a hit, each behind its `---`. */
export const findDocuments = (text: string, hits: readonly number[]): HitDocument[] => {
  if (hits.length === 0) return [];
  const documents: HitDocument[] = [];
  let start = 0;
  let next = 0;
  for (const { index: end } of [...text.matchAll(SEPARATOR), { index: text.length }]) {
    const first = next;
    while ((hits[next] ?? Number.POSITIVE_INFINITY) < end) next += 1;
    if (next > first) documents.push({ start, end, hits: hits.slice(first, next) });
    start = end + 3;
  }
  return documents;
};
