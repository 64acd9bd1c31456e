import { describe, expect, it } from 'vitest';
import { findDrillStep } from '../../../functions/backup/drill/drill-steps.ts';
import { type DrillTurn, takeDrillTurn } from '../../../functions/backup/drill/drill-turn.ts';
import { makeNetworkPolicies } from '../../../functions/backup/drill/network-policies.ts';
import { REACH_MARK } from '../../../functions/backup/drill/reach-script.ts';
import { closeNetwork, removeMade } from '../../../functions/backup/drill/turns/network-turns.ts';
import { probeClosed, probeOpen } from '../../../functions/backup/drill/turns/probe-turn.ts';
import { putToSleep, wakeWorkloads } from '../../../functions/backup/drill/turns/workload-turns.ts';
import type { DrillRun, DrillStep } from '../../../functions/records/backup/drill.ts';
import type { Reach } from '../../../functions/records/backup/drill-proof.ts';
import { chartCronJobBody } from '../../support/chart-cron-job.ts';
import { createFakeKubernetesJobs } from '../../support/fake-kubernetes-jobs.ts';
import { createFakeKubernetesScaling } from '../../support/fake-kubernetes-scaling.ts';
import { createFakeNetworkPolicies } from '../../support/fake-network-policies.ts';
import { buildDrill, buildWorkload, CLOSED, NOW } from './drill-builders.ts';

const NAMESPACE = 'gitlab-drill';
const MIRROR = { host: 'github.com', port: 443, why: 'push mirrors' };
const DATABASE = { host: 'drill.db.example.com', port: 5432, why: 'database' };
const WISHES = {
  outside: [MIRROR],
  controls: [DATABASE],
  wayOut: 'expected' as const,
  labels: { app: 'sidekiq', release: 'gitlab' },
};
const LOOK = { now: NOW, breaches: [], isRestoring: false };
const noWrite = async (): Promise<void> => undefined;
const wanted = makeNetworkPolicies('drill-1', NAMESPACE, []);

const open = () => {
  const jobs = createFakeKubernetesJobs(() => NOW);
  jobs.putCronJob(NAMESPACE, chartCronJobBody());
  const scaling = createFakeKubernetesScaling();
  for (const app of ['gitaly', 'webservice', 'sidekiq']) scaling.putWorkload(buildWorkload(app));
  const policies = createFakeNetworkPolicies();
  /** What the probe sees, by the step that asks. */
  const say = (mirror: Reach, database: Reach = 'reached') => {
    const line = ({ host, port }: typeof MIRROR, round: number, seen: Reach): string =>
      `2026-03-01T12:00:0${round}.000000000Z ${REACH_MARK}"round":${round},"host":"${host}","port":${port},"seen":"${seen}"}`;
    jobs.writeLog([1, 2].flatMap((round) => [line(MIRROR, round, mirror), line(DATABASE, round, database)]));
  };
  const turns: Partial<Record<DrillStep, (run: DrillRun) => Promise<DrillTurn>>> = {
    'probe-open': (run) => probeOpen(run, WISHES, jobs, NOW),
    'close-network': (run) => closeNetwork(run, wanted, policies, NOW),
    'probe-closed': (run) => probeClosed(run, WISHES, jobs, NOW),
    wake: (run) => wakeWorkloads(run, 'restore', scaling, NOW),
    sleep: (run) => putToSleep(run, scaling, NOW),
    remove: (run) => removeMade(run, { jobs, policies }, NOW),
  };
  return { jobs, scaling, policies, say, turns };
};

type World = ReturnType<typeof open>;

/** Looks until the drill stands at `step`, or has ended; what a step has no turn for is done at once. */
const goTo = async (world: World, run: DrillRun, step?: DrillStep): Promise<DrillRun> => {
  let now = run;
  for (let index = 0; index < 60; index++) {
    const current = findDrillStep(now)?.step;
    if (now.state === 'ended' || (current !== undefined && current === step)) return now;
    const turn =
      current &&
      (await (world.turns[current]?.(now) ?? { verdict: { state: 'done' as const, message: '' } }));
    now = (await takeDrillTurn(now, turn, LOOK, noWrite)).run;
  }
  throw new Error(`it does not come to rest: ${JSON.stringify(now.steps)}`);
};

/** Up to the proof, with what was seen before and after. */
const prove = async (world: World, before: Reach, after: Reach, database?: Reach): Promise<DrillRun> => {
  world.say(before);
  const closed = await goTo(world, buildDrill(), 'probe-closed');
  world.say(after, database);
  return goTo(world, closed, 'restore');
};

describe('a drill up to its restore', () => {
  it('closes the network, proves it, wakes Gitaly alone, and takes all of it back', async () => {
    const world = open();
    const run = await prove(world, 'reached', 'timeout');
    expect(run.proof).toMatchObject({ state: 'closed', proven: ['github.com:443'] });
    expect(world.scaling.made).toEqual(['scale gitlab-gitaly 1']);
    expect(await world.policies.list(NAMESPACE)).toHaveLength(2);
    expect(run.made.map(({ kind, uid }) => [kind, uid !== undefined])).toEqual([
      ['Job', true],
      ['NetworkPolicy', true],
      ['NetworkPolicy', true],
      ['Job', true],
    ]);
    const ended = await goTo(world, run);
    expect(ended).toMatchObject({ outcome: 'passed', left: [] });
    expect(world.scaling.made).toEqual(['scale gitlab-gitaly 1', 'scale gitlab-gitaly 0']);
    expect(await world.policies.list(NAMESPACE)).toEqual([]);
    expect(await world.jobs.listJobs(NAMESPACE, '')).toEqual([]);
  });

  it('proves it by pods that no policy can tell from one of Sidekiq', async () => {
    const world = open();
    await prove(world, 'reached', 'timeout');
    const probes = world.jobs.made.map(({ spec }) => spec.template.metadata?.labels);
    expect(probes).toHaveLength(2);
    for (const labels of probes) expect(labels).toMatchObject(WISHES.labels);
  });

  it.each<[string, Reach, Reach, Reach]>([
    ['the network is open in spite of it', 'reached', 'reached', 'reached'],
    ['its control fails as well', 'reached', 'timeout', 'timeout'],
    ['nothing was reached before', 'timeout', 'timeout', 'reached'],
  ])('wakes nothing when %s, and leaves nothing', async (_, before, after, database) => {
    const world = open();
    const run = await prove(world, before, after, database);
    expect(run).toMatchObject({ outcome: 'failed', failure: { step: 'probe-closed' }, left: [] });
    expect(world.scaling.made).toEqual([]);
    expect(await world.policies.list(NAMESPACE)).toEqual([]);
  });

  it('does nothing where a policy of others lets pods out, and leaves that one alone', async () => {
    const world = open();
    const chart = {
      namespace: NAMESPACE,
      name: 'chart',
      uid: 'chart',
      labels: {},
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
    };
    world.policies.put(chart);
    const run = await prove(world, 'reached', 'timeout');
    expect(run).toMatchObject({ outcome: 'failed', failure: { step: 'close-network' }, left: [] });
    expect(await world.policies.list(NAMESPACE)).toEqual([chart]);
  });

  it('proves nothing by a probe that is gone', async () => {
    const world = open();
    world.say('reached');
    const before = await goTo(world, buildDrill(), 'probe-closed');
    const begun = (
      await takeDrillTurn(before, await probeClosed(before, WISHES, world.jobs, NOW), LOOK, noWrite)
    ).run;
    const learned = (await probeClosed(begun, WISHES, world.jobs, NOW)).learn?.(begun) ?? begun;
    for (const job of await world.jobs.listJobs(NAMESPACE, '')) await world.jobs.deleteJob(job);
    const turn = await probeClosed(learned, WISHES, world.jobs, NOW);
    expect(turn.verdict).toMatchObject({
      state: 'failed',
      reasons: [expect.stringContaining('its Job is gone')],
    });
  });
});

describe('one turn', () => {
  it('writes down what it is about to do before it does it', async () => {
    const world = open();
    const order: string[] = [];
    const run = buildDrill({
      steps: buildDrill().steps.map((one) =>
        ['look-apart', 'probe-open'].includes(one.step) ? { ...one, state: 'done' as const } : one,
      ),
    });
    const turn = await closeNetwork(run, wanted, world.policies, NOW);
    const decision = takeDrillTurn(
      run,
      turn,
      { now: NOW, breaches: [], isRestoring: false },
      async (written) => {
        order.push(`written ${written.made.length}, there ${(await world.policies.list(NAMESPACE)).length}`);
        throw new Error('somebody else has changed it');
      },
    );
    await expect(decision).rejects.toThrow('somebody else');
    expect(order).toEqual(['written 2, there 0']);
    expect(await world.policies.list(NAMESPACE)).toEqual([]);
  });

  it('deletes nothing that has its name and not its label', async () => {
    const world = open();
    const [deny] = wanted;
    if (!deny) throw new Error('there is a policy');
    world.policies.put({ ...deny.metadata, labels: {}, uid: 'foreign', spec: deny.spec });
    const { namespace, name } = deny.metadata;
    const run = buildDrill({
      made: [{ kind: 'NetworkPolicy', namespace, name, notedAt: NOW.toISOString() }],
    });
    expect((await removeMade(run, world, NOW)).verdict.state).toBe('done');
    expect(await world.policies.list(NAMESPACE)).toHaveLength(1);
  });

  it('deletes Jobs before policies', async () => {
    const world = open();
    const run = await prove(world, 'reached', 'timeout');
    const turn = await removeMade(run, world, NOW);
    await turn.deed?.();
    expect(await world.jobs.listJobs(NAMESPACE, '')).toEqual([]);
    expect(await world.policies.list(NAMESPACE)).toHaveLength(2);
  });

  it('gives up on what does not come up', async () => {
    const world = open();
    world.scaling.putWorkload(buildWorkload('gitaly', { replicas: 1, pods: 1, isSettled: false }));
    const woken = [
      {
        kind: 'Deployment' as const,
        name: 'gitlab-gitaly',
        uid: 'uid-gitaly',
        replicas: 1,
        notedAt: NOW.toISOString(),
      },
    ];
    const run = buildDrill({ woken, proof: CLOSED });
    const at = (minutes: number) =>
      wakeWorkloads(run, 'restore', world.scaling, new Date(NOW.getTime() + minutes * 60_000));
    expect((await at(5)).verdict).toMatchObject({ state: 'wait', message: 'waits for gitlab-gitaly' });
    expect((await at(21)).verdict.state).toBe('failed');
  });

  it('waits for the last pod to go', async () => {
    const world = open();
    world.scaling.putWorkload(buildWorkload('gitaly', { replicas: 0, pods: 1 }));
    const woken = [
      {
        kind: 'Deployment' as const,
        name: 'gitlab-gitaly',
        uid: 'uid-gitaly',
        replicas: 1,
        notedAt: NOW.toISOString(),
      },
    ];
    const turn = await putToSleep(buildDrill({ woken }), world.scaling, NOW);
    expect(turn.verdict.state).toBe('wait');
    expect(turn.learn?.(buildDrill({ woken })).woken[0]?.asleepAt).toBeUndefined();
  });
});
