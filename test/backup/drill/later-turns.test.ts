import { describe, expect, it } from 'vitest';
import { DRILL_LABEL, labelOf } from '../../../functions/backup/drill/drill-label.ts';
import { type DrillRestore, isRestoring } from '../../../functions/backup/drill/drill-restore.ts';
import type { DrillTurn } from '../../../functions/backup/drill/drill-turn.ts';
import { EMPTY_CONTAINER, EMPTY_NAME, nameEmptyJob } from '../../../functions/backup/drill/empty-job.ts';
import { EMPTY_MARK } from '../../../functions/backup/drill/empty-script.ts';
import { fenceClients } from '../../../functions/backup/drill/reading/fenced-clients.ts';
import { emptyTurn } from '../../../functions/backup/drill/turns/empty-turn.ts';
import { restoreTurn } from '../../../functions/backup/drill/turns/restore-turn.ts';
import { wakeWorkloads } from '../../../functions/backup/drill/turns/workload-turns.ts';
import { beginRun } from '../../../functions/backup/restore/run-life.ts';
import type { ExecutionState } from '../../../functions/clients/executions.ts';
import type { DrillRun } from '../../../functions/records/backup/drill.ts';
import { chartCronJobBody } from '../../support/chart-cron-job.ts';
import { createFakeKubernetesJobs } from '../../support/fake-kubernetes-jobs.ts';
import { createFakeKubernetesScaling } from '../../support/fake-kubernetes-scaling.ts';
import { createFakeNetworkPolicies } from '../../support/fake-network-policies.ts';
import { buildJob } from '../../support/job-builders.ts';
import { createFakeExecutions } from '../../support/target-events.ts';
import { buildExecution, buildScratchPlan } from '../restore/restore-builders.ts';
import { buildDrill, buildPlace, buildWorkload, CLOSED, NOW } from './drill-builders.ts';

const NAMESPACE = 'gitlab-drill';
const DRILL = 'monthly';

/** One that is to be emptied: filled, proven closed, and looked at again at this moment. */
const toEmpty = (change: Partial<DrillRun> = {}, lookedAt = NOW): DrillRun => {
  const steps = buildDrill().steps.map((one) =>
    one.step === 'look-again' ? { ...one, state: 'done' as const, endedAt: lookedAt.toISOString() } : one,
  );
  const filled = { place: buildPlace(), proof: CLOSED, filledAt: NOW.toISOString() };
  return buildDrill({ way: 'destroy', steps, ...filled, ...change });
};

const open = () => {
  const jobs = createFakeKubernetesJobs(() => NOW);
  jobs.putCronJob(NAMESPACE, chartCronJobBody());
  const scaling = createFakeKubernetesScaling();
  return { jobs, scaling, look: (run: DrillRun, now = NOW) => emptyTurn(run, { jobs, scaling }, now) };
};

const carryOut = async (run: DrillRun, turn: DrillTurn): Promise<DrillRun> => {
  const intended = turn.intend?.(run) ?? run;
  await turn.deed?.();
  return intended;
};

describe('emptying', () => {
  it('is done when its log calls all of it empty, and only then', async () => {
    const world = open();
    const line = (what: string, name: string, state: string): string =>
      `2026-03-01T12:00:00.000000000Z ${EMPTY_MARK}"what":"${what}","name":"${name}","state":"${state}"}`;
    const lines = [
      line('repositories', 'all', 'empty'),
      line('database', 'all', 'empty'),
      line('bucket', 'acme-drill-uploads', 'empty'),
      line('bucket', 'acme-drill-tmp', 'empty'),
    ];
    const run = await carryOut(toEmpty(), await world.look(toEmpty()));
    expect(
      world.jobs.made[0]?.spec.template.spec.containers.some(({ name }) => name === EMPTY_CONTAINER),
    ).toBe(true);
    world.jobs.writeLog(lines);
    expect((await world.look(run)).verdict.state).toBe('done');
    world.jobs.writeLog(lines.slice(0, -1));
    expect((await world.look(run)).verdict).toMatchObject({
      state: 'failed',
      reasons: [expect.stringContaining('acme-drill-tmp')],
    });
  });

  it('is not begun by a second look of more than half an hour ago, nor without one', async () => {
    const world = open();
    const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
    expect((await world.look(toEmpty(), at(29))).verdict.state).toBe('act');
    expect((await world.look(toEmpty(), at(31))).verdict.state).toBe('failed');
    const never = buildDrill({
      way: 'destroy',
      place: buildPlace(),
      proof: CLOSED,
      filledAt: NOW.toISOString(),
    });
    expect((await world.look(never)).verdict.state).toBe('failed');
  });

  it('touches nothing of a place that nobody wrote down', async () => {
    const { place: _, ...run } = toEmpty();
    expect((await open().look(run)).verdict.state).toBe('failed');
  });

  it('waits for the Job of an earlier execution, and ends its own that it has counted as failed', async () => {
    const world = open();
    const job = (execution: string) =>
      buildJob({
        namespace: NAMESPACE,
        name: nameEmptyJob('drill-1', execution, 0),
        uid: execution,
        labels: { [DRILL_LABEL]: labelOf('drill-1') },
      });
    await carryOut(toEmpty(), await world.look(toEmpty()));
    world.jobs.putJob(job('drill-0'));
    const waiting = await world.look(toEmpty());
    expect(waiting.verdict).toMatchObject({ state: 'wait', message: expect.stringContaining(EMPTY_NAME) });
    await world.jobs.deleteJob(job('drill-0'));
    world.jobs.putJob(job('drill-1'));
    const failedOnce = toEmpty().steps.map((one) => (one.step === 'empty' ? { ...one, failures: 1 } : one));
    const run = toEmpty({ steps: failedOnce.filter(({ step }) => step !== 'look-again') });
    const ending = await world.look(run);
    expect(ending.verdict).toMatchObject({ state: 'act', message: expect.stringContaining('ends') });
    await ending.deed?.();
    expect((await world.jobs.listJobs(NAMESPACE, '')).map(({ uid }) => uid)).not.toContain('drill-1');
  });
});

describe('waking', () => {
  it('gives what was moved to another node its time again', async () => {
    const scaling = createFakeKubernetesScaling();
    scaling.putWorkload(buildWorkload('gitaly', { replicas: 1, pods: 1 }));
    scaling.putWorkload(buildWorkload('webservice', { replicas: 1, pods: 1, isSettled: false }));
    const noted = (name: string, minutes: number) => ({
      kind: 'Deployment' as const,
      name: `gitlab-${name}`,
      uid: `uid-${name}`,
      replicas: 1,
      notedAt: new Date(NOW.getTime() + minutes * 60_000).toISOString(),
    });
    const run = buildDrill({ proof: CLOSED, woken: [noted('gitaly', 0), noted('webservice', 300)] });
    const at = (minutes: number) =>
      wakeWorkloads(run, 'check', scaling, new Date(NOW.getTime() + minutes * 60_000));
    expect((await at(310)).verdict.state).toBe('wait');
    expect((await at(321)).verdict.state).toBe('failed');
  });

  it('notes one that slept as awake again', async () => {
    const scaling = createFakeKubernetesScaling();
    scaling.putWorkload(buildWorkload('gitaly'));
    const slept = {
      kind: 'Deployment' as const,
      name: 'gitlab-gitaly',
      uid: 'uid-gitaly',
      replicas: 1,
      notedAt: NOW.toISOString(),
      asleepAt: NOW.toISOString(),
    };
    const run = buildDrill({ woken: [slept] });
    const turn = await wakeWorkloads(run, 'restore', scaling, NOW);
    expect(turn.intend?.(run).woken.map(({ asleepAt }) => asleepAt)).toEqual([undefined]);
  });
});

describe('the restore of a drill', () => {
  const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:restore';
  const sources = {
    machine: MACHINE,
    executions: createFakeExecutions(),
    ledger: { read: async () => undefined },
    jobs: createFakeKubernetesJobs(() => NOW),
  };
  const state = (status: ExecutionState['status'], output?: string): ExecutionState => ({
    status,
    startedAt: NOW,
    stoppedAt: NOW,
    output,
    error: status === 'failed' ? 'DefectError' : undefined,
    cause: undefined,
  });
  const seen = (change: Partial<DrillRestore>): DrillRestore => ({
    execution: undefined,
    record: undefined,
    isCarried: false,
    live: [],
    ...change,
  });
  const verdictOf = (change: Partial<DrillRestore>) =>
    restoreTurn(buildDrill(), seen(change), sources).verdict;

  it.each<[string, Partial<DrillRestore>, string, RegExp]>([
    ['was never started', {}, 'act', /starts drill-/],
    ['runs', { execution: state('running') }, 'wait', /restores/],
    ['is carried by another execution', { execution: state('aborted'), isCarried: true }, 'wait', /restores/],
    [
      'was refused by its plan',
      { execution: state('succeeded', '{"outcome":"refused","reasons":["No room."]}') },
      'failed',
      /refused.*No room/,
    ],
    ['gave what nobody understands', { execution: state('succeeded', 'null') }, 'failed', /no end/],
    ['failed', { execution: state('failed') }, 'failed', /failed \(DefectError\)/],
    [
      'outlived its execution by a Job',
      { execution: state('aborted'), live: [buildJob()] },
      'failed',
      /aborted/,
    ],
  ])('%s: %#', (_, change, wanted, text) => {
    const verdict = verdictOf(change);
    expect(verdict.state).toBe(wanted);
    expect('reasons' in verdict ? verdict.reasons.join(' ') : verdict.message).toMatch(text);
  });

  const record = beginRun(buildScratchPlan(DRILL), { execution: buildExecution(DRILL), fence: 1 }, NOW);
  const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);
  it.each<[string, Partial<DrillRestore>, boolean]>([
    ['that was never started', {}, false],
    ['that has ended', { execution: state('succeeded') }, false],
    ['that runs', { execution: state('running') }, true],
    ['that another execution carries', { isCarried: true }, true],
    ['that has outlived its execution by a Job', { live: [buildJob()] }, true],
    [
      'that was stopped a minute ago, and that nobody carries yet',
      { execution: state('aborted'), record },
      true,
    ],
    [
      'that gives the place back, by another execution,',
      { execution: state('aborted'), isCarried: true, record: { ...record, way: 'give-back' } },
      false,
    ],
    [
      'that has ended, and was stopped',
      { execution: state('aborted'), record: { ...record, state: 'ended' } },
      false,
    ],
  ])('%s may put data in: %#', (_, change, wanted) => {
    expect(isRestoring(seen(change), later(60))).toBe(wanted);
  });

  it('that was stopped and that nobody came to carry may not put data in', () => {
    expect(isRestoring(seen({ execution: state('aborted'), record }), later(121))).toBe(false);
  });
});

describe('an execution that has lost its place', () => {
  const reference = { namespace: NAMESPACE, name: 'x', uid: 'x' };
  const policy = {
    apiVersion: 'networking.k8s.io/v1' as const,
    kind: 'NetworkPolicy' as const,
    metadata: { namespace: NAMESPACE, name: 'x', labels: {} },
    spec: { podSelector: {}, policyTypes: [] },
  };
  const executions = createFakeExecutions();
  const policies = createFakeNetworkPolicies();
  const { jobs, scaling } = open();
  const fenced = fenceClients({ jobs, scaling, policies, executions }, async () => false);

  it.each<[string, () => Promise<unknown>]>([
    ['makes no policy', () => fenced.policies.create(policy)],
    ['deletes no policy', () => fenced.policies.delete(reference)],
    ['deletes no Job', () => fenced.jobs.deleteJob(reference)],
    ['wakes nothing', () => fenced.scaling.scale({ ...reference, kind: 'Deployment' }, 1)],
    ['starts nothing', () => fenced.executions.start({ machine: 'm', name: 'n', input: {} })],
    ['stops nothing', () => fenced.executions.stop('arn', { error: 'e', cause: 'c' })],
  ])('%s', async (_, write) => {
    await expect(write()).rejects.toMatchObject({ name: 'TransientError', code: 'drill.lost-place' });
    expect(executions.started).toEqual([]);
    expect(await policies.list(NAMESPACE)).toEqual([]);
  });

  it('still reads', async () => {
    expect(await fenced.jobs.listJobs(NAMESPACE, '')).toEqual([]);
    expect(await fenced.policies.list(NAMESPACE)).toEqual([]);
  });
});
