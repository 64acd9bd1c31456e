/** HTML that is safe to print: everything put into a template is escaped, unless it was a template itself. */
export class Markup {
  readonly text: string;

  /** Only for text of our own that holds no value: templates are made with `html`. */
  constructor(text: string) {
    this.text = text;
  }
}

type Value = Markup | string | number | undefined | false | readonly Value[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** What no HTML may hold: control characters but tab and line break, and halves of surrogate pairs. */
const FORBIDDEN = /[^\P{Cc}\t\n]/gu;
/** Marks that turn the direction of text could make one name look like another. */
const DIRECTION = /[\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu;

/** Text as it may stand between tags and in a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(FORBIDDEN, '\u{FFFD}')
    .replaceAll(DIRECTION, '\u{FFFD}')
    .replaceAll(/[&<>"'`]/g, (character) => ESCAPES[character] ?? '');

/**
 * The tag of a template of HTML. Values are escaped; lists are joined; undefined and false are nothing. Attributes
 * have to be quoted, and a URL has to go through `safeLink`, since escaping does not make `javascript:` harmless.
 */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Markup =>
  new Markup(parts.reduce((text, part, index) => text + render(values[index - 1]) + part));

const render = (value: Value): string => {
  if (value instanceof Markup) return value.text;
  if (value === undefined || value === false) return '';
  return typeof value === 'object' ? value.map(render).join('') : escapeHtml(String(value));
};

/** An address that a page may link to: http and https; anything else is none. */
export const safeLink = (address: string): string | undefined => {
  const url = URL.parse(address);
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : undefined;
};
