import type * as z from 'zod';
import type { TagPolicy } from '../../functions/records/tag-policy.ts';

export const TAG_COUNT = 10_000;

interface PolicyCase {
  readonly policy: z.input<typeof TagPolicy>;
  readonly current: string;
  readonly tags: readonly string[];
}

const tagsOf = (make: (index: number) => string): string[] =>
  Array.from({ length: TAG_COUNT }, (_, index) => make(index));

/** As a repository of some years has them: releases, candidates, builds of branches, signatures. */
const MIXED = tagsOf((index) => {
  const version = `${index % 7}.${index % 41}.${index}`;
  const forms = [
    version,
    `v${version}`,
    `${version}-rc.${index % 5}`,
    `main-${index}`,
    `sha256-${index}.sig`,
  ];
  return forms[index % forms.length] ?? version;
});
const NUMBERS = tagsOf((index) => String(index * 7_919));
const DATES = tagsOf((index) => new Date(Date.UTC(2000, 0, 1 + index)).toISOString().slice(0, 10));
/** A backtracking engine needs exponential time for each of them under `(a+)+$`. */
const REPEATED = tagsOf((index) => `${'a'.repeat(100)}${index}!`);

/** One case a kind of policy, and patterns that would stop an engine that backtracks. */
export const POLICY_CASES: Readonly<Record<string, PolicyCase>> = {
  semver: { policy: { type: 'semver', range: '>=1.2.0 <7 || ~7.1' }, current: '1.2.3', tags: MIXED },
  level: { policy: { type: 'level', level: 'minor' }, current: '3.4.5', tags: MIXED },
  alphabetical: { policy: { type: 'alphabetical', order: 'asc' }, current: '2001-01-01', tags: DATES },
  numerical: { policy: { type: 'numerical', order: 'asc' }, current: '7919', tags: NUMBERS },
  regex: {
    policy: { type: 'regex', pattern: '^main-(?P<build>[0-9]+)$', extract: '$build', order: 'asc' },
    current: 'main-3',
    tags: MIXED,
  },
  glob: { policy: { type: 'glob', pattern: 'main-*', order: 'asc' }, current: 'main-3', tags: MIXED },
  digest: { policy: { type: 'digest', tag: 'main-3' }, current: 'main-3', tags: MIXED },
  'semver with a filter': {
    policy: { type: 'semver', range: '>=1', filter: { pattern: '^v(.*)$', extract: '$1' } },
    current: 'v1.2.3',
    tags: MIXED,
  },
  'regex (a+)+$ on long tags': {
    policy: { type: 'regex', pattern: '^(a+)+$', order: 'asc' },
    current: 'a',
    tags: REPEATED,
  },
  'regex of nested stars': {
    policy: { type: 'regex', pattern: '^(a*)*(a*)*(a*)*b$', order: 'asc' },
    current: 'b',
    tags: REPEATED,
  },
  'glob of many stars': {
    policy: { type: 'glob', pattern: '*a*a*a*a*a*a*b', order: 'asc' },
    current: 'ab',
    tags: REPEATED,
  },
};
