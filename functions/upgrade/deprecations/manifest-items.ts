import { hitsIn, type Span } from './manifest-hits.ts';

/**
 * Parts of one document that can be parsed by themselves: the items of a list. A dump of a cluster is one List of many
 * thousand objects, and parsing all of it for one hit would take its memory many times over.
 */

/** The items of a document that hold a hit; undefined when the document has to be read as a whole. */
export const findItems = (text: string, document: Span, hits: readonly number[]): Span[] | undefined => {
  const own = hitsIn(hits, document);
  const items = isJson(text, document) ? splitJson(text, document) : splitYaml(text, document);
  const found: Span[] = [];
  for (const at of own) {
    const item = findSpan(items, at);
    // The apiVersion of the list itself: its items may have none of their own.
    if (!item) return undefined;
    if (found.at(-1) !== item) found.push(item);
  }
  return found;
};

const findSpan = (spans: readonly Span[], at: number): Span | undefined => {
  let [low, high] = [0, spans.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    if (!span) return undefined;
    if (at < span.start) high = middle - 1;
    else if (at >= span.end) low = middle + 1;
    else return span;
  }
  return undefined;
};

/** Does the document begin like JSON? */
export const isJson = (text: string, { start, end }: Span): boolean => {
  BLANK.lastIndex = start;
  BLANK.test(text);
  return BLANK.lastIndex < end && '{['.includes(text.charAt(BLANK.lastIndex));
};
const BLANK = /[\s\uFEFF]*/y;

const ITEMS_KEY = /^items:[ \t]*(?:#.*)?\r?$/gm;
const FIRST_ITEM = /\r?\n(?:[ \t]*(?:#.*)?\r?\n)*( *)- /y;

/**
 * Items of a block sequence below a top-level `items:`. Whatever belongs to an item is indented deeper than its dash,
 * block scalars too, so a dash at that indentation begins the next one. No other document has them: a template or a
 * field named `items` is indented itself.
 */
const splitYaml = (text: string, { start, end }: Span): Span[] => {
  ITEMS_KEY.lastIndex = start;
  const key = ITEMS_KEY.exec(text);
  if (!key || key.index >= end) return [];
  FIRST_ITEM.lastIndex = key.index + key[0].replace(/\r$/, '').length;
  const indent = FIRST_ITEM.exec(text)?.[1];
  if (indent === undefined) return [];
  const dash = `\n${indent}- `;
  const starts: number[] = [];
  const from = text.lastIndexOf(dash, FIRST_ITEM.lastIndex);
  const close = findEnd(text, from + 1, end, indent.length);
  for (let at = from; at !== -1 && at < close; at = text.indexOf(dash, at + 1)) starts.push(at + 1);
  return starts.map((at, index) => ({ start: at, end: starts[index + 1] ?? close }));
};

/** Where the sequence ends: at a line that is indented like its key and is none of its items. */
const findEnd = (text: string, from: number, end: number, indent: number): number => {
  const outside = indent === 0 ? /^[^\s#-]/gm : /^[^\s#]/gm;
  outside.lastIndex = from;
  const index = outside.exec(text)?.index ?? end;
  return Math.min(index, end);
};

/** Objects at the top of a JSON text, one after the other, and in place of a list the objects in its `items`. */
const splitJson = (text: string, { start, end }: Span): Span[] => {
  const spans: Span[] = [];
  // Where each open bracket stands, and of an array whether it is the one of the key `items`.
  const open: { readonly at: number; readonly isItems: boolean }[] = [];
  let key = '';
  for (let at = start; at < end; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const close = endOfString(text, at, end);
      if (open.length === 1) key = text.slice(at + 1, close);
      at = close;
    } else if (char === BRACE || char === BRACKET) {
      open.push({ at, isItems: char === BRACKET && open.length === 1 && key === 'items' });
    } else if (char === CLOSE_BRACE || char === CLOSE_BRACKET) {
      const opened = open.pop();
      if (opened && char === CLOSE_BRACE && open.length === 2 && open[1]?.isItems) {
        spans.push({ start: opened.at, end: at + 1 });
      }
    }
  }
  return spans;
};

const endOfString = (text: string, from: number, end: number): number => {
  for (let at = from + 1; at < end; at += 1) {
    const char = text.charCodeAt(at);
    if (char === BACKSLASH) at += 1;
    else if (char === QUOTE) return at;
  }
  return end;
};

const [QUOTE, BACKSLASH, BRACE, CLOSE_BRACE, BRACKET, CLOSE_BRACKET] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];
