import type { HitDocument, Span } from './manifest-hits.ts';
import { isJson } from './manifest-object.ts';

/**
 * Parts of one document that can be parsed by themselves: the items of a list. A dump of a cluster is one List of many
 * thousand objects, and parsing all of it for one hit would take its memory many times over.
 */

/** The items of a document that hold a hit; undefined when the document has to be read as a whole. */
export const findItems = (text: string, { start, end, hits }: HitDocument): Span[] | undefined => {
  // A slice, so that nothing below looks beyond the document: the whole text may be very long.
  const document = text.slice(start, end);
  const items = isJson(document) ? splitJson(document) : splitYaml(document);
  const found: Span[] = [];
  for (const at of hits) {
    const item = findSpan(items, at - start);
    // The apiVersion of the list itself: its items may have none of their own.
    if (!item) return undefined;
    if (found.at(-1) !== item) found.push(item);
  }
  return found.map((item) => ({ start: start + item.start, end: start + item.end }));
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

const ITEMS_KEY = /^items:[ \t]*(?:#.*)?\r?$/m;
const FIRST_ITEM = /\r?\n(?:[ \t]*(?:#.*)?\r?\n)*( *)- /y;

/**
 * Items of a block sequence below a top-level `items:`. Whatever belongs to an item is indented deeper than its dash,
 * block scalars too, so a dash at that indentation begins the next one. No other document has them: a template or a
 * field named `items` is indented itself.
 */
const splitYaml = (document: string): Span[] => {
  const key = ITEMS_KEY.exec(document);
  if (!key) return [];
  FIRST_ITEM.lastIndex = key.index + key[0].replace(/\r$/, '').length;
  const indent = FIRST_ITEM.exec(document)?.[1];
  if (indent === undefined) return [];
  const dash = `\n${indent}- `;
  const starts: number[] = [];
  const from = document.lastIndexOf(dash, FIRST_ITEM.lastIndex);
  const close = findEnd(document, from + 1, indent.length);
  for (let at = from; at !== -1 && at < close; at = document.indexOf(dash, at + 1)) starts.push(at + 1);
  return starts.map((at, index) => ({ start: at, end: starts[index + 1] ?? close }));
};

/** Where the sequence ends: at a line that is indented like its key and is none of its items. */
const findEnd = (document: string, from: number, indent: number): number => {
  const outside = indent === 0 ? /^[^\s#-]/gm : /^[^\s#]/gm;
  outside.lastIndex = from;
  return outside.exec(document)?.index ?? document.length;
};

/** Objects at the top of a JSON text, one after the other, and in place of a list the objects in its `items`. */
const splitJson = (document: string): Span[] => {
  const spans: Span[] = [];
  // Where each open bracket stands, and of an array whether it is the one of the key `items`.
  const open: { readonly at: number; readonly isItems: boolean }[] = [];
  let key = '';
  for (let at = 0; at < document.length; at += 1) {
    const char = document.charCodeAt(at);
    if (char === QUOTE) {
      const close = endOfString(document, at);
      if (open.length === 1) key = document.slice(at + 1, close);
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
  // The last item of a text that was cut: what is there of it is worth reading.
  const [, items, cut] = open;
  if (items?.isItems && cut) spans.push({ start: cut.at, end: document.length });
  return spans;
};

const endOfString = (document: string, from: number): number => {
  for (let at = from + 1; at < document.length; at += 1) {
    const char = document.charCodeAt(at);
    if (char === BACKSLASH) at += 1;
    else if (char === QUOTE) return at;
  }
  return document.length;
};

const [QUOTE, BACKSLASH, BRACE, CLOSE_BRACE, BRACKET, CLOSE_BRACKET] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];
