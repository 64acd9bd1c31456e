/** The filter in front of a policy: which tags it sees, and which part of them. */

import * as z from 'zod';
import { compilePattern, type Pattern } from './pattern.ts';
import { type Reading, readAs, unreadable } from './reading.ts';
import { expandTemplate, namedGroups, parseTemplate } from './template.ts';

/** A regular expression in `drydock.yaml`. */
export const PatternText = z.string().superRefine((source, context) => {
  const compiled = compilePattern(source);
  if (!compiled.ok)
    context.addIssue(
      `not a regular expression: ${compiled.reason}. Write RE2 syntax, such as "^main-(?P<ts>[0-9]+)$"; ` +
        'look-ahead, look-behind and back-references do not exist there',
    );
});

/** A template in `drydock.yaml`; {@link checkExtract} checks it against its pattern. */
export const ExtractText = z.string().max(256);

export const TagFilter = z
  .strictObject({
    pattern: PatternText.optional().meta({
      description: 'Only tags that match are candidates; RE2 syntax, not anchored.',
    }),
    extract: ExtractText.optional().meta({
      description:
        "What the policy compares instead of the tag: $1, $name or ${name} of the pattern's groups.",
    }),
    exclude: PatternText.optional().meta({
      description: 'Tags that match are never candidates; RE2 syntax, not anchored.',
    }),
  })
  .superRefine((filter, context) => {
    if (filter.pattern === undefined && filter.exclude === undefined)
      context.addIssue('an empty filter: write "pattern", "exclude" or both, or leave the filter out');
    checkExtract(filter, context);
  });
export type TagFilter = z.output<typeof TagFilter>;

interface Extraction {
  readonly pattern?: string | undefined;
  readonly extract?: string | undefined;
}

/** Refuse an extract that would give every tag the same text, or that names a group the pattern does not have. */
export const checkExtract = ({ pattern, extract }: Extraction, context: z.RefinementCtx): void => {
  if (extract === undefined) return;
  const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['extract'], message });
  if (pattern === undefined) {
    refuse('needs a "pattern" whose groups it can name');
    return;
  }
  const compiled = compilePattern(pattern);
  if (!compiled.ok) return;
  const { groups } = compiled.pattern;
  const named = namedGroups(parseTemplate(extract));
  if (named.length === 0) refuse('names no group of the pattern; write "$1", "$name" or "${name}"');
  for (const group of named.filter((group) => !groups.includes(group)))
    refuse(
      `names the group "${group}", which the pattern does not have (it has ${groups.join(', ')}). ` +
        'Where text follows a group, write "${1}text"',
    );
};

/** Compile an optional filter into what it makes of a tag: the text that the policy compares. */
export const compileFilter = (filter: TagFilter | undefined): ((tag: string) => Reading<string>) => {
  const exclude = filter?.exclude === undefined ? undefined : requirePattern(filter.exclude);
  const extract =
    filter?.pattern === undefined ? readAs<string> : compileExtract({ ...filter, pattern: filter.pattern });
  return (tag) => (exclude?.matches(tag) ? unreadable(`is excluded by ${filter?.exclude}`) : extract(tag));
};

/** Compile a pattern and its extract; without an extract the tag itself is the text. */
export const compileExtract = ({
  pattern: source,
  extract,
}: {
  pattern: string;
  extract?: string | undefined;
}): ((tag: string) => Reading<string>) => {
  const pattern = requirePattern(source);
  const mismatch = unreadable(`does not match ${source}`);
  if (extract === undefined) return (tag) => (pattern.matches(tag) ? readAs(tag) : mismatch);
  const template = parseTemplate(extract);
  return (tag) => {
    const group = pattern.find(tag);
    return group ? readAs(expandTemplate(template, group)) : mismatch;
  };
};

/** The pattern of a policy that the schema let through. */
export const requirePattern = (source: string): Pattern => {
  const compiled = compilePattern(source);
  if (!compiled.ok) throw new TypeError(`pattern ${source} was not validated: ${compiled.reason}`);
  return compiled.pattern;
};
