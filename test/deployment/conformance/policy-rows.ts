import * as z from 'zod';
import { globToPattern } from '../../../functions/deployment/policies/glob.ts';
import { TagPolicy } from '../../../functions/records/tag-policy.ts';

const names = z.array(z.string()).optional();

/** A policy in the words of the project the row comes from; `type` says whose rules apply. */
const ForeignPolicy = z.object({
  type: z.string(),
  level: z.string().optional(),
  matchPreRelease: z.boolean().optional(),
  matchTag: z.boolean().optional(),
  pattern: z.string().optional(),
  range: z.string().optional(),
  constraint: z.string().optional(),
  order: z.string().optional(),
  direction: z.enum(['ascending', 'descending']).optional(),
  strict: z.boolean().optional(),
  allow: names,
  ignore: names,
  ignoreTags: names,
});

// Some projects give a tag with its date; we order by name alone.
const Tag = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);

export const PolicyRow = z.object({
  id: z.string(),
  kind: z.enum(['decide', 'order', 'parse', 'select', 'validate', 'filter', 'match']),
  policy: ForeignPolicy,
  filter: z.object({ pattern: z.string().optional(), extract: z.string().optional() }).optional(),
  current: Tag.optional(),
  candidate: Tag.optional(),
  tags: z.array(Tag).default([]),
  expected: z.unknown(),
});
export type PolicyRow = z.output<typeof PolicyRow>;

/** What a user of ours would write for the row's policy; `undefined` when we have nothing that says it. */
export const translatePolicy = ({ policy, filter, current }: PolicyRow): object | undefined => {
  const { type, pattern, order, allow, ignore } = policy;
  const foreignFilter = filter?.pattern === undefined ? {} : { filter };
  const lists = {
    ...(allow && { pattern: anyOf(allow) }),
    ...(ignore && { exclude: anyOf(type === 'argo-ignore' ? ignore.map(globToPattern) : ignore) }),
  };
  const listFilter = Object.keys(lists).length > 0 ? { filter: lists } : {};
  if (policy.strict || policy.ignoreTags) return undefined;

  const translations: Record<string, object | undefined> = {
    'keel-semver': {
      type: 'level',
      level: policy.level,
      ...(policy.level !== 'all' && { prerelease: policy.matchPreRelease ? 'same' : 'any' }),
    },
    'keel-force': policy.matchTag ? { type: 'digest', tag: current } : undefined,
    'keel-glob': { type: 'glob', pattern },
    'keel-regexp': {
      type: 'regex',
      pattern,
      ...(pattern?.includes('?P<compare>') && { extract: '$compare' }),
    },
    'flux-semver': { type: 'semver', range: policy.range, ...foreignFilter },
    'flux-alphabetical': { type: 'alphabetical', ...(order && { order }), ...foreignFilter },
    'flux-numerical': { type: 'numerical', ...(order && { order }), ...foreignFilter },
    'flux-filter': { type: 'alphabetical', ...foreignFilter },
    'argo-semver': { type: 'semver', range: policy.constraint ?? '*' },
    'argo-alphabetical': { type: 'alphabetical' },
    'argo-regexp': { type: 'regex', pattern },
    'argo-ignore': { type: 'alphabetical', ...listFilter },
    'kargo-semver': { type: 'semver', range: policy.constraint ?? '*', ...listFilter },
    'kargo-tags': { type: 'alphabetical', ...listFilter },
  };
  return translations[type];
};

/** The policy as the schema reads it, or `undefined` when the schema refuses it. */
export const readPolicy = (policy: object): TagPolicy | undefined => TagPolicy.safeParse(policy).data;

const anyOf = (patterns: readonly string[]): string => patterns.map((pattern) => `(?:${pattern})`).join('|');
