/** Words of a shell command, as far as the arguments of one command go. */

/** What ends a command; a comment ends it as well. */
const ENDS = new Set([';', '&', '|', '\n', '<', '>']);

/**
 * Splits the arguments of one command at blanks, quotes and backslashes taken away. What a shell would put in for
 * `$(...)`, `` `...` `` and `${...}` stays as it is written, as a part of its word.
 */
export const splitWords = (text: string): string[] => {
  const words: string[] = [];
  let word: string | undefined;
  let index = 0;
  const add = (more: string): void => {
    word = (word ?? '') + more;
  };
  const finish = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  while (index < text.length) {
    const sign = text.charAt(index);
    const closing = closingOf(text, index);
    if (closing !== undefined) {
      const isQuote = sign === '"' || sign === "'";
      add(isQuote ? text.slice(index + 1, closing) : text.slice(index, closing + 1));
      index = closing + 1;
    } else if (sign === ' ' || sign === '\t') {
      finish();
      index++;
    } else if (ENDS.has(sign) || (sign === '#' && word === undefined)) break;
    else {
      const isEscape = sign === '\\' && index + 1 < text.length;
      add(isEscape ? text.charAt(index + 1) : sign);
      index += isEscape ? 2 : 1;
    }
  }
  finish();
  return words;
};

const PAIRS: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`', $: ')' };

/** Where a group that begins here ends; without an end it is no group. */
const closingOf = (text: string, start: number): number | undefined => {
  const sign = text.charAt(start);
  const brace = text.startsWith('${', start);
  if (sign === '$' && !brace && !text.startsWith('$(', start)) return undefined;
  const end = brace ? '}' : PAIRS[sign];
  const found = end === undefined ? -1 : text.indexOf(end, start + 1);
  return found < 0 ? undefined : found;
};
