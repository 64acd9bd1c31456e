/** Text from outside that stays text in Markdown, also in that of GitLab. */

/** What a person still reads in one cell. Characters. */
const MAX_LENGTH = 300;
/** Control characters, line and paragraph separators, and the marks that turn the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u{202A}-\u{202E}\u{2066}-\u{2069}]+/gu;
/** Markup, and what GitLab reads as a reference: `@name`, `#1`, `!1`, `$1`, `%v1`, `~label`, `^file`, `:smile:`. */
const SPECIAL = /[\\`*_[\]#|~@!$%^:]/g;

/** One line, at most 300 characters long before it is escaped. */
export const escapeMarkdown = (text: string): string =>
  shorten(text.toWellFormed().replaceAll(UNPRINTABLE, ' '))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(SPECIAL, '\\$&');

const shorten = (text: string): string =>
  text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 3).toWellFormed()}...`;

/** A block of code, indented to stand in a list; its fence is longer than any run of backticks in it. */
export const fence = (code: string, indent: string): string => {
  const clean = code.toWellFormed();
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  const body = clean
    .split(/\r\n|[\n\r\p{Zl}\p{Zp}]/u)
    .map((line) => `${indent}${line.replaceAll(UNPRINTABLE, ' ')}`);
  return [`${indent}${mark}sh`, ...body, `${indent}${mark}`].join('\n');
};
