import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { MAX_CLUSTERS } from '../../functions/records/upgrade/limits.ts';
import { listStates } from '../../infra/constructs/asl-definition.ts';
import { answerAsService, EXECUTION, openWalks } from '../support/scripted-walk.ts';
import { readMachine } from '../support/walk-machine.ts';
import { COUNTS, ended, JOURNEYS, LAST, planned } from './check-journeys.ts';

/** What each state of the check machines calls its function with fits, and each answer leads where it should. */

const { walk, proven } = await openWalks('upgrade', ({ called, scripted }) => {
  if (!called.startsWith('arn:')) return undefined;
  return answerAsService(scripted instanceof Error ? scripted : { Output: scripted });
});

/** Step Functions developer guide, "Service quotas": input or output of a task, state or execution. */
const MAX_PAYLOAD_BYTES = 256 * 1024;

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
