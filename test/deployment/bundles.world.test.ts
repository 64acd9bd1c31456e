import { beforeAll, describe, expect, it } from 'vitest';
import { CONTAINER_LOG_PREFIX } from '../../functions/records/container-log.ts';
import { ImageEntry, imageHistoryPrefix, targetHistoryPrefix } from '../../functions/records/decision.ts';
import { DEFERRAL_PREFIX } from '../../functions/records/deferral.ts';
import { Lock, lockKey } from '../../functions/records/lock.ts';
import { Pause, pauseKey } from '../../functions/records/pause.ts';
import { DeploymentPlan, planKey } from '../../functions/records/plan.ts';
import { Rollout, rolloutKey, targetLock } from '../../functions/records/rollout.ts';
import { callFunction, readSample } from '../support/world/call-function.ts';
import { itKeepsItsSecrets } from '../support/world/find-secrets.ts';
import { target, useWorld } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

/** Every bundle as it is deployed, called with its samples in the order of a rollout's life; each effect is looked up. */

const NAME = 'web-production';
const world = useWorld((host) => ({ [NAME]: target(host, 'web') }));

/** The digest, the tag and the names that the samples carry. */
const DIGEST = 'sha256:3f1b0a2c9d8e7f603f1b0a2c9d8e7f603f1b0a2c9d8e7f603f1b0a2c9d8e7f60';
const DEPLOYMENT = 'web-1-4-2-5f0e2c7b9a3d4e6f8a1b';
const ROLLOUT = 'web-production-3f1b0a2c9d8e-81c0d2e4f6a8b0c2d4e6';
const BAD_ROLLOUT = 'web-production-bad';

let good: { digest: string };
let bad: { digest: string };

const speakOfThisWorld = (): Record<string, string> => ({
  'registry.example.com': world().registry.host,
  'drydock-main-': 'drydock-local-',
  [DIGEST]: good.digest,
});
/** The same samples about a release that crashes. */
const speakOfBadRelease = (): Record<string, string> => ({
  ...speakOfThisWorld(),
  [DIGEST]: bad.digest,
  [ROLLOUT]: BAD_ROLLOUT,
  '"1.4.2"': '"1.4.3-crash"',
});

const call = async (name: string, sample: string, words = speakOfThisWorld()): Promise<unknown> =>
  callFunction(world(), name, await readSample(sample, words));
const watch = (sample: string, words = speakOfThisWorld()) =>
  waitFor(`${sample} has settled`, async () => {
    const answer = await call('WatchRollout', sample, words);
    return (answer as { outcome: string }).outcome !== 'progressing' && answer;
  });
const imageOf = (tag: string, { digest }: { digest: string }): string =>
  `${world().registry.host}/shop/web:${tag}@${digest}`;
const readRollout = async (name: string) => (await world().ledger.records(Rollout, rolloutKey(name)))[0];
const readLock = async () => (await world().ledger.records(Lock, lockKey(targetLock(NAME))))[0];
const toldOf = async (outcome: string) =>
  (await world().notices()).filter(
    ({ MessageAttributes }) => MessageAttributes['outcome']?.Value === outcome,
  );

beforeAll(async () => {
  // Pushed while there is no workload yet, so that the machines themselves leave these releases alone.
  const here = world();
  good = await here.push('web', '1.4.2');
  bad = await here.push('web', '1.4.3-crash');
  await waitFor('both were decided', async () => (await here.history(NAME)).length === 2);
});

describe('before there is a workload,', () => {
  it('start-deployment starts an execution, keeps the unreadable, and sends the poison back', async () => {
    expect(await call('StartDeployment', 'start-deployment.batch')).toEqual({ batchItemFailures: [] });
    await waitFor('the execution was decided', async () => (await world().history(NAME)).length === 3);
    expect(await world().ledger.keys('deployment/unreadable/registry/')).toHaveLength(1);
    expect(await call('StartDeployment', 'start-deployment.poison')).toMatchObject({
      batchItemFailures: [{ itemIdentifier: '7d1c1c0e-2f0c-4d3b-9a39-1f8f8f6b7f10' }],
    });
  });

  it('plan-sweep lists the repositories', async () => {
    const images = [`${world().registry.host}/shop/web`];
    expect(await call('PlanSweep', 'plan-sweep.schedule')).toEqual({ images });
  });
});

describe('a good release', () => {
  it('is confirmed by verify-image, for a push and for a redeploy', async () => {
    expect(await call('VerifyImage', 'verify-image.push')).toMatchObject({
      outcome: 'confirmed',
      digest: good.digest,
    });
    expect(await call('VerifyImage', 'verify-image.redeploy')).toMatchObject({
      outcome: 'confirmed',
      redeploy: true,
    });
    const entries = await world().ledger.records(
      ImageEntry,
      imageHistoryPrefix(`${world().registry.host}/shop/web`),
    );
    expect(entries.map(({ execution }) => execution.name)).toContain(DEPLOYMENT);
  });

  it('is wanted by decide-targets, which writes the plan', async () => {
    await world().run('web', '1.4.1');
    await waitFor('that push was decided', async () => (await world().history(NAME)).length >= 4);
    expect(await call('DecideTargets', 'decide-targets.confirmed')).toMatchObject({
      rollouts: 1,
      refused: 0,
    });
    const [plan] = await world().ledger.records(DeploymentPlan, planKey(DEPLOYMENT));
    expect(plan?.orders).toMatchObject([{ target: NAME, digest: good.digest }]);
  });

  it('is set by apply-image, under the lock', async () => {
    expect(await call('ApplyImage', 'apply-image.order')).toMatchObject({ outcome: 'applied' });
    expect(await world().image('web')).toBe(imageOf('1.4.2', good));
    expect(await readRollout(ROLLOUT)).toMatchObject({ patchedAt: expect.any(String) });
    expect((await readLock())?.owner).toContain(ROLLOUT);
  });

  it('is seen healthy by watch-rollout', async () => {
    expect(await watch('watch-rollout.rollout')).toMatchObject({ outcome: 'rolled-out' });
  });

  it('is written down, told and let go by finish-rollout', async () => {
    expect(await call('FinishRollout', 'finish-rollout.rolled-out')).toEqual({ outcome: 'rolled-out' });
    expect(await world().state(NAME)).toMatchObject({ running: { tag: '1.4.2', digest: good.digest } });
    expect((await readLock())?.owner).toBeNull();
    expect(await toldOf('rolled-out')).toHaveLength(1);
  });

  it('is started by start-rollouts, whose machine finds that it runs already', async () => {
    expect(await call('StartRollouts', 'start-rollouts.first-page')).toEqual({ outcome: 'started', from: 1 });
    expect(await call('StartRollouts', 'start-rollouts.next-page')).toMatchObject({ outcome: 'started' });
    await waitFor('it has ended', async () => {
      const ended = await world().executions.summaries(world().site.machines.rollout);
      return ended.length === 1 && ended[0]?.status === 'SUCCEEDED';
    });
    expect((await world().history(NAME)).map(({ outcome }) => outcome)).toContain('not-wanted');
  });
});

describe('a bad release', () => {
  it('is set, and seen to crash by watch-rollout', async () => {
    const words = speakOfBadRelease();
    expect(await call('ApplyImage', 'apply-image.order', words)).toMatchObject({ outcome: 'applied' });
    expect(await watch('watch-rollout.rollout', words)).toMatchObject({
      outcome: 'failed',
      code: 'crash-loop',
    });
  });

  it('leaves its last log lines to collect-logs', async () => {
    expect(await call('CollectLogs', 'collect-logs.failed', speakOfBadRelease())).toMatchObject({
      outcome: 'kept',
    });
    expect(await world().ledger.keys(CONTAINER_LOG_PREFIX)).toHaveLength(1);
  });

  it('is held and replaced by roll-back, and the way back is watched', async () => {
    const words = speakOfBadRelease();
    expect(await call('RollBack', 'roll-back.crash-loop', words)).toMatchObject({ outcome: 'rolling-back' });
    expect(await world().image('web')).toBe(imageOf('1.4.2', good));
    expect((await world().state(NAME))?.holds).toMatchObject([{ digest: bad.digest }]);
    expect(await watch('watch-rollout.rollback', words)).toMatchObject({ outcome: 'rolled-back' });
  });

  it('is ended by handle-failure when its execution is lost, and told once', async () => {
    const words = speakOfBadRelease();
    expect(await call('HandleFailure', 'handle-failure.rollout-timed-out', words)).toMatchObject({
      outcome: 'released',
    });
    expect(await readRollout(BAD_ROLLOUT)).toMatchObject({ outcome: 'aborted' });
    expect((await readLock())?.owner).toBeNull();
    await call('HandleFailure', 'handle-failure.rollout-timed-out', words);
    expect(await toldOf('aborted')).toHaveLength(1);
  });

  it('gets its real end from finish-rollout when its execution is redriven', async () => {
    await call('FinishRollout', 'finish-rollout.rolled-back', speakOfBadRelease());
    expect(await readRollout(BAD_ROLLOUT)).toMatchObject({ outcome: 'rolled-back' });
    expect(await toldOf('rolled-back')).toHaveLength(1);
  });

  it('is passed over by sweep-repository while it is held', async () => {
    expect(await call('SweepRepository', 'sweep-repository.image')).toMatchObject({ tags: 3, started: [] });
  });

  it('may be tried again once set-control lifts its hold', async () => {
    expect(await call('SetControl', 'set-control.lift-hold', speakOfBadRelease())).toMatchObject({
      outcome: 'lifted',
    });
    expect((await world().state(NAME))?.holds).toEqual([]);
  });
});

describe('around it,', () => {
  it('handle-failure tells of the other machines', async () => {
    expect(await call('HandleFailure', 'handle-failure.deployment-failed')).toMatchObject({
      outcome: 'reported',
    });
    expect(await call('HandleFailure', 'handle-failure.sweep-aborted')).toMatchObject({
      outcome: 'reported',
    });
    expect(await toldOf('aborted')).toHaveLength(3);
  });

  it('defer-image keeps an event, and repair-records leaves it until it is due', async () => {
    expect(await call('DeferImage', 'defer-image.registry-down')).toMatchObject({ outcome: 'deferred' });
    expect(await world().ledger.keys(DEFERRAL_PREFIX)).toHaveLength(1);
    expect(await call('RepairRecords', 'repair-records.schedule')).toMatchObject({ attempted: 0, ended: 0 });
    expect(await world().ledger.keys(DEFERRAL_PREFIX)).toHaveLength(1);
  });

  it('set-control pauses and resumes a target', async () => {
    const paused = async () => (await world().ledger.records(Pause, pauseKey(`target/${NAME}`)))[0]?.paused;
    expect(await call('SetControl', 'set-control.pause-target')).toMatchObject({ outcome: 'paused' });
    expect(await paused()).toBe(true);
    expect(await call('SetControl', 'set-control.resume-target')).toMatchObject({
      outcome: 'resumed',
      sweep: true,
    });
    expect(await paused()).toBe(false);
  });

  it('the history tells all of it', async () => {
    expect((await world().ledger.keys(targetHistoryPrefix(NAME))).length).toBeGreaterThanOrEqual(7);
  });

  itKeepsItsSecrets(world);
});
