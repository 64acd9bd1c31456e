import { describe } from 'vitest';
import * as z from 'zod';
import { isInRange } from '../../../functions/deployment/policies/range-check.ts';
import { formatVersion, parseVersion, type Version } from '../../../functions/deployment/policies/version.ts';
import { compareVersions } from '../../../functions/deployment/policies/version-order.ts';
import { parseRange } from '../../../functions/deployment/policies/version-range.ts';
import { conformanceFolder, itConforms, readRows } from '../../support/conformance.ts';

const Row = z.discriminatedUnion('kind', [
  z.object({
    id: z.string(),
    kind: z.literal('range'),
    range: z.string(),
    version: z.string(),
    includePrerelease: z.boolean().default(false),
    expected: z.boolean(),
  }),
  z.object({ id: z.string(), kind: z.literal('rangeValid'), range: z.string(), expected: z.boolean() }),
  z.object({
    id: z.string(),
    kind: z.literal('version'),
    version: z.string(),
    mode: z.enum(['strict', 'coerce', 'noCoerceZeros']),
    canonical: z.string().optional(),
    expected: z.boolean(),
  }),
  z.object({
    id: z.string(),
    kind: z.literal('compare'),
    a: z.string(),
    b: z.string(),
    op: z.enum(['<', '<=', '>', '>=', '==']).optional(),
    expected: z.union([z.boolean(), z.number()]),
  }),
]);
type Row = z.output<typeof Row>;

const rows = readRows('semver_ranges.json', Row);

const expectation = (row: Row): unknown =>
  row.kind === 'version' && row.canonical !== undefined ? row.canonical : row.expected;

describe.skipIf(conformanceFolder === undefined)('versions and ranges, as Masterminds/semver v3', () => {
  itConforms({ rows, answer, expectation });
});

const answer = (row: Row): boolean | number | string => {
  if (row.kind === 'rangeValid') return parseRange(row.range).ok;
  if (row.kind === 'range') {
    const parsed = parseRange(row.range);
    return parsed.ok && isInRange(parsed.range, requireVersion(row.version), row);
  }
  if (row.kind === 'version') {
    const version = parseVersion(row.version, row.mode);
    return version && row.canonical !== undefined ? formatVersion(version) : version !== undefined;
  }
  const order = Math.sign(compareVersions(requireVersion(row.a), requireVersion(row.b)));
  return row.op === undefined ? order : holds[row.op](order);
};

const holds = {
  '<': (order: number) => order < 0,
  '<=': (order: number) => order <= 0,
  '>': (order: number) => order > 0,
  '>=': (order: number) => order >= 0,
  '==': (order: number) => order === 0,
};

const requireVersion = (text: string): Version => {
  const version = parseVersion(text);
  if (!version) throw new Error(`${text} should be a version`);
  return version;
};
