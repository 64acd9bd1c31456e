import { describe } from 'vitest';
import * as z from 'zod';
import {
  compareMinors,
  type KubernetesMinor,
  shiftMinor,
} from '../../../functions/records/kubernetes-version.ts';
import {
  type ApiRow,
  apiVersionOf,
  GroupVersionKind,
} from '../../../functions/upgrade/deprecations/api-row.ts';
import { judgeApi } from '../../../functions/upgrade/deprecations/judgement.ts';
import { lookupApi } from '../../../functions/upgrade/deprecations/table.ts';
import { conformanceFolder, itConforms, readRows } from '../../support/conformance.ts';
import { acceptedDifferences } from './accepted-differences.ts';

const Row = GroupVersionKind.extend({
  id: z.string(),
  introduced: z.string().optional(),
  deprecated: z.string().optional(),
  removed: z.string().optional(),
  replacement: GroupVersionKind.optional(),
  list: z.boolean().default(false),
  droppedFromTree: z.boolean().default(false),
  lastIn: z.string().optional(),
});
type Row = z.output<typeof Row>;

const rows = readRows('deprecations_upstream.json', Row);

describe.skipIf(conformanceFolder === undefined)('the life of each API, as Kubernetes marks it', () => {
  itConforms({ rows, answer, expectation, differences: acceptedDifferences });
});

/** The type that a list lists; everything else is itself. */
const itemOf = (kind: string, { list }: Row): string => (list ? kind.replace(/List$/, '') : kind);

/** What left the tree is gone from the minor after the last that had it, when its marker says later. */
const goneIn = ({ removed, lastIn }: Row): string | undefined => {
  if (removed === undefined || lastIn === undefined) return removed;
  const left = shiftMinor(lastIn, 1);
  return compareMinors(left, removed) < 0 ? left : removed;
};

/** How it stands at the step that takes it away, and at the one after. */
const STANDINGS = ['removed', 'already-removed'];

const expectation = (row: Row): unknown => {
  const { introduced, deprecated, lastIn, replacement } = row;
  const removed = goneIn(row);
  return {
    introduced,
    deprecated,
    removed,
    lastIn,
    replacement: replacement && { ...replacement, kind: itemOf(replacement.kind, row) },
    standings: removed === undefined ? [] : STANDINGS,
  };
};

const answer = (row: Row): unknown => {
  const ours = lookupApi(apiVersionOf(row), itemOf(row.kind, row));
  if (ours?.component !== 'Kubernetes') return 'we have no such row';
  const { introduced, deprecated, removed, lastIn, replacement, assumed } = ours;
  return {
    introduced,
    deprecated,
    removed,
    lastIn,
    replacement,
    standings: removed === undefined ? [] : standingsAround(ours, removed, assumed),
  };
};

/** An end that is only assumed is told as a deprecation until it has come. */
const standingsAround = (row: ApiRow, removed: KubernetesMinor, assumed?: true): string[] => {
  const at = judgeApi(row, { from: shiftMinor(removed, -1), to: removed });
  const after = judgeApi(row, { from: removed, to: shiftMinor(removed, 1) });
  return [assumed && at === 'deprecated' ? 'removed' : at, after];
};
