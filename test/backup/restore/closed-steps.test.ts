import { describe, expect, test } from 'vitest';
import { beginRun } from '../../../functions/backup/restore/run-life.ts';
import type { CurrentStep } from '../../../functions/backup/restore/run-steps.ts';
import { done, plainTurn } from '../../../functions/backup/restore/step-turn.ts';
import { type TurnReaders, takeTurn } from '../../../functions/backup/restore/take-turn.ts';
import type { ScalableWorkload } from '../../../functions/clients/kubernetes-scaling.ts';
import type { RestoreRun } from '../../../functions/records/backup/restore.ts';
import { RestoreStep } from '../../../functions/records/backup/restore-plan.ts';
import { buildJob } from '../../support/job-builders.ts';
import { buildExecution, buildFingerprint, buildPlan, buildWorkload, SAFETY_ID } from './restore-builders.ts';

/** Data are replaced, checked and put back only while nothing is up that reads or writes them. */

/** What works on a place that is open, or closes or opens it. Every other step, also one that is yet to come, is asked here. */
const OPEN: readonly RestoreStep[] = [
  'safety-backup',
  'restore-database',
  'suspend-schedules',
  'quiesce',
  'open',
  'probe',
  'runners',
];
const CLOSED = RestoreStep.options.filter((step) => !OPEN.includes(step));

const NOW = new Date('2026-03-01T13:00:00.000Z');
const AT = '2026-03-01T12:30:00.000Z';
const SIDEKIQ = buildWorkload('gitlab-sidekiq-all-in-1-v2', { app: 'sidekiq', replicas: 2 });
const WEB = buildWorkload('gitlab-webservice-default', { app: 'webservice', replicas: 0, pods: 0 });
const ASLEEP = { ...SIDEKIQ, replicas: 0, pods: 0 };

const native = {
  database: {
    instance: 'gitlab-db',
    source: { kind: 'snapshot' as const, arn: 'arn:aws:rds:eu-central-1:123456789012:snapshot:drydock-x' },
    interim: 'gitlab-db-restore-1',
    kept: 'gitlab-db-before-1',
  },
  buckets: [{ component: 'uploads' as const, bucket: 'gitlab-uploads', at: AT }],
  repositories: { id: SAFETY_ID, bucket: 'gitlab-gitaly' },
};

/** Whatever the step is, there is something for it to do. */
const openReaders = (workloads: readonly ScalableWorkload[]): TurnReaders => ({
  place: async () => ({ now: NOW, workloads, autoscalers: [], cronJobs: [] }),
  secrets: async () => ({
    now: NOW,
    ofSet: [buildFingerprint('rails-secret', 'set')],
    current: [buildFingerprint('rails-secret', 'now')],
    workloads,
  }),
  safety: async () => ({ state: 'none' }),
  archive: async () => ({ state: 'there' }),
  job: async () => ({ job: undefined, pods: [], now: NOW }),
  log: async () => '',
  copiedBack: async () => ({ folders: 1, copied: 0, isDone: false, untouched: [], failed: undefined }),
  native: async () => ({ now: NOW, database: undefined, versions: undefined }),
  probe: async () => plainTurn(done('it answers')),
  runners: async () => plainTurn(done('they are there')),
});

const REPLACED: RestoreRun['touched'][number] = {
  deed: 'replaced',
  object: { kind: 'Secret', namespace: 'gitlab', name: 'gitlab-rails-secret' },
  step: 'restore-secrets',
  notedAt: AT,
  id: 'rails-secret',
  // Neither what is there nor of the set, so that it is put back.
  before: { fingerprint: buildFingerprint('rails-secret', 'before') },
};

const take = (
  step: RestoreStep,
  workloads: readonly ScalableWorkload[],
  changes: Partial<RestoreRun> = {},
  readers = openReaders(workloads),
) => {
  const execution = buildExecution();
  const fresh = beginRun(buildPlan({ native }), { execution, fence: 1 }, NOW);
  const run: RestoreRun = { ...fresh, ...changes };
  const { way } = run;
  const current: CurrentStep = { way, step, attempt: 1, since: AT, back: way === 'undo' };
  return takeTurn(run, current, readers);
};

/** The secret that is put back is there as the restore left it. */
const backReaders = (step: RestoreStep, workloads: readonly ScalableWorkload[]): TurnReaders => {
  const readers = openReaders(workloads);
  if (step !== 'put-back-secrets') return readers;
  const ofSet = [buildFingerprint('rails-secret', 'set')];
  return { ...readers, secrets: async () => ({ now: NOW, ofSet, current: ofSet, workloads }) };
};

const touchedBy = (step: RestoreStep): Partial<RestoreRun> =>
  step === 'put-back-secrets' ? { touched: [REPLACED] } : {};
const during = (step: RestoreStep, workloads: readonly ScalableWorkload[], changes: Partial<RestoreRun>) =>
  take(step, workloads, { ...touchedBy(step), ...changes }, backReaders(step, workloads));

const CLOSES = [{ deed: 'scaled', object: { name: SIDEKIQ.name }, replicas: 0 }];

describe.each(CLOSED)('%s', (step) => {
  test('has something to do when nothing is up', async () => {
    const turn = await during(step, [WEB, ASLEEP], { destructiveAt: AT });
    expect(turn.verdict.state).toBe('act');
    expect(turn.changes.every(({ deed }) => deed !== 'scaled')).toBe(true);
  });

  test('does nothing but close what came up, behind the first destructive step', async () => {
    const turn = await during(step, [WEB, SIDEKIQ], { destructiveAt: AT });
    expect(turn).toMatchObject({ verdict: { state: 'act' }, changes: CLOSES });
    expect(turn.changes).toHaveLength(1);
    expect(turn.job).toBeUndefined();
  });

  test('waits for the last pod', async () => {
    const turn = await during(step, [WEB, { ...ASLEEP, pods: 1 }], { destructiveAt: AT });
    expect(turn).toMatchObject({ verdict: { state: 'wait' }, changes: [] });
    expect(turn.job).toBeUndefined();
  });

  test('gives up when something came up before it', async () => {
    const turn = await during(step, [WEB, SIDEKIQ], {});
    expect(turn).toMatchObject({ verdict: { state: 'failed' }, changes: [] });
    expect(turn.job).toBeUndefined();
  });
});

test('the opening ends a Job of before first, which would go on to replace data under those who work there', async () => {
  const note = { way: 'restore', step: 'restore-job', attempt: 1, notedAt: AT, pieces: 0 } as const;
  const tool = buildJob({ name: 'gitlab-toolbox-restore-job-1' });
  const jobs = [{ ...note, namespace: tool.namespace, name: tool.name, uid: tool.uid }];
  const scaled: RestoreRun['touched'][number] = {
    deed: 'scaled',
    object: { kind: 'Deployment', namespace: 'gitlab', name: SIDEKIQ.name, uid: SIDEKIQ.uid },
    step: 'quiesce',
    notedAt: AT,
    doneAt: AT,
    before: { replicas: 2 },
  };
  const changes = { way: 'open' as const, destructiveAt: AT, jobs, touched: [scaled] };
  const readers = openReaders([WEB, ASLEEP]);
  const working = { ...readers, job: async () => ({ job: tool, pods: [], now: NOW }) };
  const first = await take('open', [WEB, ASLEEP], changes, working);
  expect(first.changes).toMatchObject([{ deed: 'deleted', object: { name: tool.name } }]);
  const then = await take('open', [WEB, ASLEEP], changes, readers);
  expect(then.changes).toMatchObject([{ deed: 'scaled', replicas: 2 }]);
});

describe.each(['swap-database', 'restore-objects'] as const)('the undoing of %s', (step) => {
  test('goes on when nothing is up', async () => {
    expect(await take(step, [WEB, ASLEEP], { way: 'undo' })).toMatchObject({
      verdict: { state: 'act' },
      changes: [],
    });
  });

  test('first closes what came up: it would write into data that are half of the set', async () => {
    const turn = await take(step, [WEB, SIDEKIQ], { way: 'undo' });
    expect(turn).toMatchObject({ verdict: { state: 'act' }, changes: CLOSES });
  });

  test('waits for the last pod', async () => {
    const turn = await take(step, [WEB, { ...ASLEEP, pods: 1 }], { way: 'undo' });
    expect(turn).toMatchObject({ verdict: { state: 'wait' }, changes: [] });
  });
});
