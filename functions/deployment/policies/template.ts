/** What an `extract` makes of a match: a template with the meaning of Go's `regexp.Expand`. */

/** Fixed text, or the name or number of a group. */
export type TemplatePart = { readonly text: string } | { readonly group: string };

// `$name` takes as many letters, digits and underscores as there are; `${name}` says where it ends; `$$` is a dollar.
const reference = /\$(?:(\$)|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

/**
 * Take a template apart. `$1x` is the group named `1x`, not group 1 and an x (write `${1}x`); a dollar that starts
 * nothing stays a dollar.
 *
 * Source of the rules: https://pkg.go.dev/regexp#Regexp.Expand
 */
export const parseTemplate = (template: string): readonly TemplatePart[] => {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const match of template.matchAll(reference)) {
    const [whole, dollar = '', plain, braced = ''] = match;
    parts.push({ text: template.slice(end, match.index) + dollar });
    if (!dollar) parts.push({ group: plain ?? braced });
    end = match.index + whole.length;
  }
  parts.push({ text: template.slice(end) });
  return parts.filter((part) => !('text' in part) || part.text !== '');
};

/** Groups a template refers to, in order. */
export const namedGroups = (parts: readonly TemplatePart[]): string[] =>
  parts.flatMap((part) => ('group' in part ? [part.group] : []));

/** Fill a template in; a group that does not exist is the empty text. */
export const expandTemplate = (parts: readonly TemplatePart[], group: (name: string) => string): string =>
  parts.map((part) => ('text' in part ? part.text : group(part.group))).join('');
