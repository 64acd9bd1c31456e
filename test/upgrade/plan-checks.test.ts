import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { nameClusterCheck } from '../../functions/upgrade/execution-name.ts';
import { Input } from '../../functions/upgrade/plan-checks.contract.ts';
import { run } from '../../functions/upgrade/plan-checks.ts';
import { buildSubject } from '../support/check-subjects.ts';
import { buildExecution, calmInvocation } from '../support/target-world.ts';
import { buildCalendar, buildClusterFact } from '../support/upgrade-facts.ts';

const execution = buildExecution('daily');

const createPlan = (
  overrides: { readCluster?: () => Promise<never>; republish?: () => Promise<number> } = {},
) => {
  const deps = {
    subjects: [buildSubject('blue', { environments: ['production'] }), buildSubject('green')],
    eks: () => ({
      readCluster: overrides.readCluster ?? (async () => buildClusterFact()),
      listVersions: async () => buildCalendar(),
    }),
    outbox: { republish: overrides.republish ?? (async () => 3) },
  };
  return (request: unknown) => run(Input.parse({ execution, request }), deps, calmInvocation());
};

describe('plan-checks', () => {
  it('plans every cluster of the site, each under a name of its own', async () => {
    const { checks, gate } = await createPlan()({});
    expect(checks).toEqual([
      { name: nameClusterCheck('daily', 'blue'), check: { cluster: 'blue', gate: false } },
      { name: nameClusterCheck('daily', 'green'), check: { cluster: 'green', gate: false } },
    ]);
    expect(gate).toBe(false);
  });

  it.each(['blue', 'production'])('plans one cluster by %s', async (name) => {
    const { checks } = await createPlan()({ cluster: name, target: '1.37', gate: true });
    expect(checks.map(({ check }) => check)).toEqual([{ cluster: 'blue', target: '1.37', gate: true }]);
  });

  it('sends what an earlier check could not send', async () => {
    expect(await createPlan()({})).toMatchObject({ published: 3 });
  });

  it('an old message that can not be sent keeps no cluster from being checked', async () => {
    const republish = async () => {
      throw new RefusedError('notifier.forbidden', 'no');
    };
    expect(await createPlan({ republish })({})).toMatchObject({ published: 0, checks: [{}, {}] });
  });

  it.each([
    ['an unknown cluster', { cluster: 'mars' }, 'cluster.unknown', /write one of blue, production, green/],
    [
      'a target below',
      { cluster: 'blue', target: '1.34' },
      'target.refused',
      /write "1\.36", "1\.37", "1\.38"/,
    ],
    [
      'a target that is a joke',
      { cluster: 'blue', target: '1.99' },
      'target.refused',
      /blue: 1\.99 is further/,
    ],
  ])('%s is refused with what to write', async (_, request, code, message) => {
    await expect(createPlan()(request)).rejects.toMatchObject({
      name: 'RefusedError',
      code,
      message: expect.stringMatching(message),
    });
  });

  it('a site without clusters is refused: nothing checked is never green', async () => {
    const deps = {
      subjects: [],
      eks: () => expect.unreachable(),
      outbox: { republish: async () => 0 },
    };
    const input = Input.parse({ execution, request: { gate: true } });
    await expect(run(input, deps, calmInvocation())).rejects.toMatchObject({ code: 'clusters.none' });
  });

  it.each([
    ['does not answer', new TransientError('eks.unreachable', 'down')],
    ['may not be described', new RefusedError('eks.forbidden', 'no')],
  ])('a cluster that %s refuses no target: its own check will tell', async (_, error) => {
    const readCluster = async () => {
      throw error;
    };
    const { checks } = await createPlan({ readCluster })({ cluster: 'blue', target: '1.99' });
    expect(checks).toHaveLength(1);
  });
});

describe('what a person reads after a typo in the console', () => {
  it.each<[string, unknown, string]>([
    ['text', 'blue', 'write one of'],
    ['a key that is none', { clutser: 'blue' }, 'write one of'],
    ['a target of no cluster', { target: '1.36' }, "A target is one cluster's; write one of"],
    ['a version with a patch', { cluster: 'blue', target: '1.36.2' }, 'such as "1.36"'],
    ['a number', { cluster: 'blue', target: 1.36 }, 'expected string'],
    ['a gate in words', { gate: 'yes' }, 'expected boolean'],
  ])('%s', (_, request, message) => {
    const parsed = Input.safeParse({ execution, request });
    expect(parsed.error && z.prettifyError(parsed.error)).toContain(message);
  });

  it('every form that it is told is taken', () => {
    const parsed = Input.safeParse({ execution, request: [] });
    const text = parsed.error ? z.prettifyError(parsed.error) : '';
    const forms = [...text.matchAll(/^ {2}(\{.*?\})/gm)].map((match) => match[1] ?? '');
    expect(forms).toHaveLength(2);
    for (const form of forms) {
      expect(Input.safeParse({ execution, request: JSON.parse(form) }).success).toBe(true);
    }
  });
});

describe('nameClusterCheck', () => {
  it('is the same for the same cause, another for another check or cluster, and fits', () => {
    const long = 'x'.repeat(100);
    expect(nameClusterCheck('a', 'b')).toBe(nameClusterCheck('a', 'b'));
    expect(nameClusterCheck('a', 'b')).not.toBe(nameClusterCheck('c', 'b'));
    expect(nameClusterCheck('a', `${long}1`)).not.toBe(nameClusterCheck('a', `${long}2`));
    expect(nameClusterCheck('a', long)).toMatch(/^[\w-]{80}$/);
  });
});
