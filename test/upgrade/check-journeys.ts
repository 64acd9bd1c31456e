import { expect } from 'vitest';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import type { Script } from '../support/scripted-walk.ts';
import type { Walk } from '../support/walk-machine.ts';

const PART = {
  outcome: 'more',
  cluster: 'blue',
  current: '1.35',
  target: '1.36',
  part: 1,
  from: { collector: 0, cursor: 'x' },
};
export const LAST = { ...PART, outcome: 'done', part: 2, from: { collector: 9 } };
export const COUNTS = { block: 1, warn: 0, notChecked: 0, ignored: 0, pass: 9 };
const JUDGED = {
  outcome: 'blocked',
  key: 'upgrade/reports/x.json',
  page: 'upgrade/pages/x.html',
  counts: COUNTS,
};
const TOLD = { outcome: 'told', notice: 'n' };
const UNCHECKED = { outcome: 'not-checked', cluster: 'blue', reason: 'No right.' };
const refused = new RefusedError('eks.forbidden', 'No right to eks:DescribeCluster.');
const down = new TransientError('eks.unreachable', 'EKS does not answer.');
const bug = new TypeError('a bug');

export interface Journey {
  readonly what: string;
  readonly input: unknown;
  readonly script: Script;
  readonly states: string;
  readonly status?: Walk['status'];
  readonly output?: object;
}

const CLUSTER_CHECK: Journey[] = [
  {
    what: 'a cluster that takes two parts',
    input: { cluster: 'blue', gate: false },
    script: { CollectFacts: [PART, LAST], JudgeCluster: JUDGED, TellReport: TOLD },
    states:
      'CollectFacts IsAnythingLeft CollectFacts IsAnythingLeft JudgeCluster TellReport NoteReport EndCheck',
    output: {
      cluster: 'blue',
      outcome: 'blocked',
      key: JUDGED.key,
      counts: COUNTS,
      told: TOLD,
      current: '1.35',
    },
  },
  {
    what: 'a cluster that may not be described',
    input: { cluster: 'blue' },
    script: { CollectFacts: refused, TellUnchecked: UNCHECKED },
    states: 'CollectFacts TellUnchecked EndUnchecked',
    output: UNCHECKED,
  },
  {
    what: 'an EKS that stays away',
    input: { cluster: 'blue' },
    script: { CollectFacts: down, TellUnchecked: UNCHECKED },
    states: 'CollectFacts TellUnchecked EndUnchecked',
    output: UNCHECKED,
  },
  {
    what: 'a ledger that may not be written to',
    input: { cluster: 'blue' },
    script: { CollectFacts: LAST, JudgeCluster: refused, TellUnchecked: UNCHECKED },
    states: 'CollectFacts IsAnythingLeft JudgeCluster TellUnchecked EndUnchecked',
  },
  {
    what: 'a bug',
    input: { cluster: 'blue', gate: false },
    script: { CollectFacts: LAST, JudgeCluster: bug },
    states: 'CollectFacts IsAnythingLeft JudgeCluster DoesAPipelineWait FailCheck',
    status: 'FAILED',
  },
  {
    what: 'a bug while a pipeline waits',
    input: { cluster: 'blue', gate: true },
    script: { CollectFacts: bug, TellUnchecked: UNCHECKED },
    states: 'CollectFacts DoesAPipelineWait TellUnchecked EndUnchecked',
    output: UNCHECKED,
  },
  {
    what: 'a report that nobody could be told of',
    input: { cluster: 'blue' },
    script: { CollectFacts: LAST, JudgeCluster: JUDGED, TellReport: refused },
    states: 'CollectFacts IsAnythingLeft JudgeCluster TellReport FailCheck',
    status: 'FAILED',
  },
  {
    what: 'an unchecked cluster that nobody could be told of',
    input: { cluster: 'blue' },
    script: { CollectFacts: refused, TellUnchecked: bug },
    states: 'CollectFacts TellUnchecked FailCheck',
    status: 'FAILED',
  },
];

const checks = (...clusters: string[]) =>
  clusters.map((cluster) => ({ name: `${cluster}-0`, check: { cluster, gate: false } }));
export const planned = (gate: boolean, ...clusters: string[]) => ({
  gate,
  published: 0,
  checks: checks(...clusters),
});
export const ended = (cluster: string, outcome: string) => ({ cluster, outcome });

const UPGRADE_CHECK: Journey[] = [
  {
    what: 'two clusters, one of which is blocked',
    input: {},
    script: {
      PlanChecks: planned(false, 'blue', 'green'),
      CheckCluster: [ended('blue', 'warnings'), ended('green', 'blocked')],
    },
    states: 'PlanChecks CheckClusters CheckCluster CheckCluster SumUp EndCheck',
    output: {
      outcome: 'checked',
      worst: 'blocked',
      clusters: [ended('blue', 'warnings'), ended('green', 'blocked')],
    },
  },
  {
    what: 'a check that died beside one that did not',
    input: {},
    script: { PlanChecks: planned(false, 'blue', 'green'), CheckCluster: [bug, ended('green', 'clean')] },
    states: 'PlanChecks CheckClusters CheckCluster NoteUnchecked CheckCluster SumUp EndCheck',
    output: {
      worst: 'not-checked',
      clusters: [{ ...ended('blue', 'not-checked'), reason: 'a bug' }, ended('green', 'clean')],
    },
  },
  {
    what: 'a typo in the console',
    input: { clutser: 'blue' },
    script: { PlanChecks: planned(false) },
    states: 'PlanChecks EndCheck',
    output: { outcome: 'refused', message: expect.stringContaining('write one of') },
  },
  {
    what: 'text in the console',
    input: 'blue',
    script: { PlanChecks: planned(false) },
    states: 'PlanChecks EndCheck',
    output: { outcome: 'refused' },
  },
  {
    what: 'a bug',
    input: {},
    script: { PlanChecks: bug },
    states: 'PlanChecks DoesAPipelineWait FailCheck',
    status: 'FAILED',
  },
  {
    what: 'a bug while a pipeline waits',
    input: { gate: true },
    script: { PlanChecks: bug },
    states: 'PlanChecks DoesAPipelineWait NoteUnplanned EndCheck',
    output: { outcome: 'not-checked' },
  },
];

/** Ways through the check machines: input, answers of the functions, and where it leads. */
export const JOURNEYS = [
  ...CLUSTER_CHECK.map((journey) => ({ machine: 'cluster-check', ...journey })),
  ...UPGRADE_CHECK.map((journey) => ({ machine: 'upgrade-check', ...journey })),
];
