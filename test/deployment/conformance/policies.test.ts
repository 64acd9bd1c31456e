import { describe } from 'vitest';
import { compileFilter } from '../../../functions/deployment/policies/filter.ts';
import { decideTag, orderTags, pickTag } from '../../../functions/deployment/tag-policy.ts';
import type { TagPolicy } from '../../../functions/records/tag-policy.ts';
import { conformanceFolder, itConforms, readRows } from '../../support/conformance.ts';
import { acceptedDifferences } from './accepted-differences.ts';
import { PolicyRow, readPolicy, translatePolicy } from './policy-rows.ts';

const rows = readRows('policies.json', PolicyRow);

describe.skipIf(conformanceFolder === undefined)('tag policies, as the projects people come from', () => {
  itConforms({ rows, answer, expectation, differences: acceptedDifferences });
});

/** Where other projects fail, we answer no: nothing is deployed either way. */
const expectation = ({ kind, expected }: PolicyRow): unknown => {
  const isError = typeof expected === 'object' && expected !== null && 'error' in expected;
  if (!isError) return expected;
  return kind === 'select' ? null : false;
};

const answer = (row: PolicyRow): unknown => {
  const written = translatePolicy(row);
  if (!written) return 'we have no such policy';
  const policy = readPolicy(written);
  if (row.kind === 'validate') return policy !== undefined;
  if (!policy) return row.kind === 'select' ? null : false;
  return answers[row.kind](policy, row);
};

type Answer = (policy: TagPolicy, row: PolicyRow) => unknown;

const answers: Record<Exclude<PolicyRow['kind'], 'validate'>, Answer> = {
  parse: () => 'we do not read the labels of other projects',
  decide: (policy, { current, candidate = '' }) => decideTag(policy, current, candidate).ok,
  select: (policy, { policy: { type }, current, tags }) =>
    // Keel's rows say "no update" by the running tag, the others by nothing.
    pickTag(policy, current, tags).tag ?? (type.startsWith('keel-') ? current : null),
  match: (policy, { policy: { type }, candidate = '' }) =>
    // The answer of `argo-ignore` is whether the tag is left out.
    decideTag(policy, undefined, candidate).ok !== (type === 'argo-ignore'),
  order: (policy, { policy: { direction }, tags }) => {
    const sorted = tags.toSorted((a, b) => orderTags(policy, a, b));
    return direction === 'ascending' ? sorted : sorted.toReversed();
  },
  filter: (policy, { tags }) => {
    const read = compileFilter('filter' in policy ? policy.filter : undefined);
    return tags.map(read).flatMap((reading) => (reading.ok ? [reading.value] : []));
  },
};
