import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { MAX_CLUSTERS } from '../../functions/records/upgrade/limits.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { listStates } from '../../infra/constructs/asl-definition.ts';
import { answerPlainly, EXECUTION, openWalks, type Script } from '../support/scripted-walk.ts';
import { readMachine, type Walk } from '../support/walk-machine.ts';

/** What each state of the check machines calls its function with fits, and each answer leads where it should. */

const { walk, proven } = await openWalks('upgrade', ({ called, scripted }) => {
  if (!called.startsWith('arn:')) return undefined;
  return answerPlainly(scripted instanceof Error ? scripted : { Output: scripted });
});

/** Step Functions developer guide, "Service quotas": input or output of a task, state or execution. */
const MAX_PAYLOAD_BYTES = 256 * 1024;

const PART = {
  outcome: 'more',
  cluster: 'blue',
  current: '1.35',
  target: '1.36',
  part: 1,
  from: { collector: 0, cursor: 'x' },
};
const LAST = { ...PART, outcome: 'done', part: 2, from: { collector: 9 } };
const COUNTS = { block: 1, warn: 0, notChecked: 0, ignored: 0, pass: 9 };
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

interface Journey {
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
const planned = (gate: boolean, ...clusters: string[]) => ({
  gate,
  published: 0,
  checks: checks(...clusters),
});
const ended = (cluster: string, outcome: string) => ({ cluster, outcome });

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

const JOURNEYS = [
  ...CLUSTER_CHECK.map((journey) => ({ machine: 'cluster-check', ...journey })),
  ...UPGRADE_CHECK.map((journey) => ({ machine: 'upgrade-check', ...journey })),
];

describe('a walk through', () => {
  test.each(JOURNEYS)('$machine with $what: $states', async ({ machine, input, script, states, ...end }) => {
    const walked = await walk(machine, input, script);
    expect(walked.states.join(' ')).toBe(states);
    expect(walked).toMatchObject({
      status: end.status ?? 'SUCCEEDED',
      ...(end.output && { output: end.output }),
    });
  });

  test('each cluster is an execution under the name that was planned, and knows who started it', async () => {
    const script = { PlanChecks: planned(false, 'blue'), CheckCluster: ended('blue', 'clean') };
    expect((await walk('upgrade-check', {}, script)).calls).toEqual([
      {
        StateMachineArn: '${ClusterCheckArn}',
        Name: 'blue-0',
        Input: { cluster: 'blue', gate: false, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: EXECUTION.arn },
      },
    ]);
  });
});

test('the output of a check of as many clusters as a site may have fits, with the longest names there are', async () => {
  const cluster = 'c'.repeat(100);
  const key = `upgrade/reports/${cluster}/history/2026-11-21T05:00:02.871Z-${'x'.repeat(80)}.json`;
  const large = {
    ...ended(cluster, 'not-checked'),
    key,
    counts: COUNTS,
    page: key,
    reason: 'r'.repeat(5_000),
  };
  const script = { PlanChecks: planned(false, 'blue'), CheckCluster: large };
  const { output } = await walk('upgrade-check', {}, script);
  const { clusters } = z.object({ clusters: z.array(z.unknown()) }).parse(output);
  expect(MAX_CLUSTERS * (JSON.stringify(clusters).length + 1)).toBeLessThan(MAX_PAYLOAD_BYTES);
});

describe('for a pipeline', () => {
  test.each([
    ['clean', 'passed'],
    ['warnings', 'passed'],
    ['blocked', 'blocked'],
    ['not-checked', 'not-checked'],
    ['refused', 'not-checked'],
    ['an outcome of tomorrow', 'not-checked'],
  ])('one cluster that is %s, alone and beside a clean one, ends as %s', async (outcome, expected) => {
    for (const others of [[], ['green']]) {
      const script = {
        PlanChecks: planned(true, 'blue', ...others),
        CheckCluster: [ended('blue', outcome), ended('green', 'clean')],
      };
      const { output } = await walk('upgrade-check', { gate: true }, script);
      expect(output).toMatchObject({ outcome: expected, clusters: [{ outcome }, ...others.map(() => ({}))] });
    }
  });
});

describe('a slip in the console of cluster-check', () => {
  test.each([
    ['nothing', {}],
    ['text', 'blue'],
    ['a number', { cluster: 7 }],
  ])('%s succeeds, says what is wrong, and wakes nobody', async (_, input) => {
    const tell = { outcome: 'refused', cluster: '', reason: 'as scripted' };
    const { states, status } = await walk('cluster-check', input, {
      CollectFacts: LAST,
      TellUnchecked: tell,
    });
    expect([states.join(' '), status]).toEqual(['CollectFacts TellUnchecked EndUnchecked', 'SUCCEEDED']);
  });
});

describe('all states', () => {
  beforeAll(async () => {
    for (const { machine, input, script } of JOURNEYS) await walk(machine, input, script);
  });

  test.each(['cluster-check', 'upgrade-check'])(
    'of %s that call a function call it with what its contract takes, on some walk above',
    (machine) => {
      const tasks = listStates(readMachine(machine)).filter(
        ([, { Resource }]) => Resource === 'arn:aws:states:::lambda:invoke',
      );
      expect(tasks.map(([name]) => name).filter((name) => !proven.has(name))).toEqual([]);
    },
  );
});
