import type * as z from 'zod';
import { findAllowedKeys } from './json-schema.ts';
import { looksLikeSecret } from './scalars.ts';
import { askDidYouMean } from './suggestion.ts';

/** Turns what zod found into what a person needs: what is wrong, what is allowed, what may have been meant. */

export interface Explanation {
  readonly path: readonly PropertyKey[];
  /** Is the key itself wrong, or its value? */
  readonly at: 'key' | 'value';
  readonly message: string;
}

/** The file as it was read. */
export interface ReadFile {
  readonly value: unknown;
  /** How a plain value was written. */
  sourceOf(path: readonly PropertyKey[]): string | undefined;
}

type Issue = z.core.$ZodIssue;

/** Explains one issue; an unknown key each is one explanation. */
export const explainIssue = (issue: Issue, file: ReadFile): Explanation[] => {
  if (issue.code === 'unrecognized_keys') return explainUnknownKeys(issue, file);
  if (issue.code === 'invalid_key') {
    const [reason] = issue.issues;
    const message = `this name cannot be used: ${reason?.message ?? issue.message}`;
    return [{ path: issue.path, at: 'key', message }];
  }
  return [{ path: issue.path, at: 'value', message: explainValue(issue, file) }];
};

const SECRET_KEY = /pass|token|secret|credential|api-?key/i;

const explainUnknownKeys = (issue: z.core.$ZodIssueUnrecognizedKeys, file: ReadFile): Explanation[] => {
  const allowed = findAllowedKeys(issue.path, file.value);
  const list = allowed.length === 0 ? '' : `; allowed: ${allowed.join(', ')}`;
  return issue.keys.map((key) => {
    const hint =
      askDidYouMean(key, allowed) ||
      (SECRET_KEY.test(key)
        ? '. A secret never stands here: put it into AWS Secrets Manager and write its name'
        : '');
    return { path: [...issue.path, key], at: 'key', message: `is not known here${list}${hint}` };
  });
};

const explainValue = (issue: Issue, file: ReadFile): string => {
  const value = valueAt(file.value, issue.path);
  if (value === undefined && issue.code !== 'custom') return explainMissing(issue);
  const quoted = quote(value, issue.path);
  if (issue.code === 'invalid_type') {
    return explainType(issue.expected, value, file.sourceOf(issue.path));
  }
  if (issue.code === 'invalid_value') return explainChoice(value, issue.values.map(String), issue.path);
  if (issue.code === 'invalid_union' && hasOptions(issue)) {
    return explainChoice(value, issue.options.map(String), issue.path);
  }
  if (issue.code === 'too_small') {
    return `${quoted}must be at least ${issue.minimum}${unitOf(issue.origin)}`;
  }
  if (issue.code === 'too_big') return `${quoted}must be at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code !== 'custom') return `${quoted}${issue.message}`;
  const { written, known } = readReference(issue.params);
  return written === undefined
    ? `${quoted}${issue.message}`
    : `${issue.message}${askDidYouMean(written, known)}`;
};

/** The alternatives that a discriminator (`kind`, `type`, `exposure`) chooses from. */
const hasOptions = (issue: Issue): issue is Issue & { readonly options: readonly unknown[] } =>
  'options' in issue && Array.isArray(issue.options);

const explainMissing = (issue: Issue): string => {
  if (issue.code === 'invalid_value') return `is missing; allowed: ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_union' && hasOptions(issue)) {
    return `is missing; allowed: ${issue.options.map(String).join(', ')}`;
  }
  return 'is missing';
};

const TYPES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map of names',
  array: 'a list',
};

const explainType = (expected: string, value: unknown, source: string | undefined): string => {
  const wanted = TYPES[expected] ?? expected;
  const isPlain = value !== null && typeof value !== 'object';
  if (expected === 'string' && isPlain && source !== undefined) {
    return `must be a text, and YAML takes it for a ${typeof value}: write it in quotes, "${source}"`;
  }
  return value === null ? `must be ${wanted}, and is empty` : `must be ${wanted}`;
};

const explainChoice = (value: unknown, allowed: readonly string[], path: readonly PropertyKey[]): string =>
  `${quote(value, path)}is not allowed; allowed: ${allowed.join(', ')}${
    typeof value === 'string' ? askDidYouMean(value, allowed) : ''
  }`;

const unitOf = (origin: string): string => {
  if (origin === 'string') return ' characters';
  return origin === 'array' || origin === 'set' ? ' entries' : '';
};

/** Longer values tell the reader nothing that the line number does not. */
const MAX_QUOTED = 60;

/** Repeats a value for the reader, with a space behind; never what is, or may be, a secret. */
const quote = (value: unknown, path: readonly PropertyKey[]): string => {
  if (value === null || typeof value === 'object' || value === undefined || path.includes('secret'))
    return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const mayTell = text.length <= MAX_QUOTED && !looksLikeSecret(text) && !text.includes('@');
  return mayTell ? `${JSON.stringify(value)} ` : '';
};

const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown => {
  let value = root;
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
};

const readReference = (params: unknown): { written?: string; known: readonly string[] } => {
  if (typeof params !== 'object' || params === null) return { known: [] };
  const { written, known }: { written?: unknown; known?: unknown } = params;
  return {
    ...(typeof written === 'string' ? { written } : {}),
    known: Array.isArray(known) ? known.map(String) : [],
  };
};
