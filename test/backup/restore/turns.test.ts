import { describe, expect, it } from 'vitest';
import { applyTurn } from '../../../functions/backup/restore/apply-turn.ts';
import type { PlaceFacts } from '../../../functions/backup/restore/place-facts.ts';
import { beginRun } from '../../../functions/backup/restore/run-life.ts';
import { done, plainTurn } from '../../../functions/backup/restore/step-turn.ts';
import { keepClosed, quiesceTurn } from '../../../functions/backup/restore/turns/quiesce-turn.ts';
import {
  type SecretFacts,
  secretsBackTurn,
  secretsTurn,
} from '../../../functions/backup/restore/turns/secrets-turn.ts';
import { setBackTurn } from '../../../functions/backup/restore/turns/set-back-turn.ts';
import { suspendTurn } from '../../../functions/backup/restore/turns/suspend-turn.ts';
import type { RestoreRun } from '../../../functions/records/backup/restore.ts';
import {
  buildAutoscaler,
  buildCronJob,
  buildExecution,
  buildFingerprint,
  buildPlan,
  buildWorkload,
} from './restore-builders.ts';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);

const WEB = buildWorkload('web', { app: 'webservice', replicas: 3 });
const run = beginRun(buildPlan(), { execution: buildExecution(), fence: 1 }, NOW);
const place = (facts: Partial<PlaceFacts>): PlaceFacts => ({
  now: NOW,
  workloads: [],
  autoscalers: [],
  cronJobs: [],
  ...facts,
});

/** A run that has scaled to 0, as a look behind it sees it. */
const quiesced = (facts: PlaceFacts): RestoreRun => {
  const noted = applyTurn(run, quiesceTurn(run, facts, undefined), NOW);
  const down = { ...facts, workloads: facts.workloads.map((one) => ({ ...one, replicas: 0, pods: 0 })) };
  return applyTurn(noted, quiesceTurn(noted, down, undefined), NOW);
};

describe('scaling to 0', () => {
  it('notes replicas once: a second look at 0 does not change what is recorded', () => {
    const closed = quiesced(place({ workloads: [WEB] }));
    expect(closed.touched).toMatchObject([
      { deed: 'scaled', before: { replicas: 3 }, doneAt: expect.anything() },
    ]);
    // Even of a turn that would note it again, the first note stays.
    const again = closed.touched.map((one) => ({ ...one, before: { replicas: 0 } }) as typeof one);
    expect(applyTurn(closed, { ...plainTurn(done('')), notes: again }, NOW).touched).toEqual(closed.touched);
  });

  it('pauses what KEDA would scale up again, and nothing else in that turn', () => {
    const facts = place({ workloads: [WEB], autoscalers: [buildAutoscaler('ScaledObject', 'web')] });
    expect(quiesceTurn(run, facts, undefined).changes).toMatchObject([
      { deed: 'paused', annotation: 'true' },
    ]);
  });

  it.each([
    [14, 'wait'],
    [15, 'failed'],
  ])('with pods that do not end it is, after %i minutes, a case for: %s', (minutes, state) => {
    const facts = place({ now: later(minutes), workloads: [{ ...WEB, replicas: 0, pods: 1 }] });
    expect(quiesceTurn(run, facts, NOW.toISOString()).verdict.state).toBe(state);
  });

  it('says who scales up again, instead of scaling down for ever', () => {
    const closed = quiesced(place({ workloads: [WEB] }));
    expect(
      quiesceTurn(closed, place({ workloads: [{ ...WEB, replicas: 1 }] }), undefined).verdict,
    ).toMatchObject({
      state: 'failed',
      reasons: [expect.stringContaining('somebody scales web up again')],
    });
  });

  it('closes once more what was opened on a way that failed, and sets it back in the end', () => {
    const opened = applyTurn(
      quiesced(place({ workloads: [WEB] })),
      { ...plainTurn(done('')), marks: [{ key: 'scaled Deployment/web', mark: 'undone' }] },
      NOW,
    );
    const held = { ...opened, destructiveAt: NOW.toISOString() };
    const turn = keepClosed(held, place({ workloads: [WEB] }), 'put-back-job', plainTurn(done('')));
    expect(turn.changes).toMatchObject([{ deed: 'scaled', replicas: 0 }]);
    const shut = applyTurn(held, turn, NOW);
    const facts = place({ workloads: [{ ...WEB, replicas: 0, pods: 0 }] });
    expect(setBackTurn(shut, facts, ['scaled']).changes).toMatchObject([{ deed: 'scaled', replicas: 3 }]);
  });
});

describe('setting back', () => {
  const closed = quiesced(place({ workloads: [WEB], autoscalers: [] }));
  const zero = { ...WEB, replicas: 0, pods: 0 };

  it('scales to exactly what was recorded', () => {
    expect(setBackTurn(closed, place({ workloads: [zero] }), ['scaled']).changes).toMatchObject([
      { deed: 'scaled', replicas: 3, object: { name: 'web', uid: 'uid-web' } },
    ]);
  });

  it('does so once: what is scaled later is not ours', () => {
    const back = applyTurn(closed, setBackTurn(closed, place({ workloads: [WEB] }), ['scaled']), NOW);
    expect(back.touched).toMatchObject([{ undoneAt: NOW.toISOString() }]);
    expect(setBackTurn(back, place({ workloads: [zero] }), ['scaled'])).toMatchObject({
      changes: [],
      verdict: { state: 'done' },
    });
  });

  it.each([
    ['scaled by somebody else', { ...WEB, replicas: 7 }, 'stands at 7 replicas and not at 3'],
    ['made anew', { ...WEB, uid: 'other' }, 'was made anew by somebody else'],
    ['gone', undefined, 'is gone'],
  ])('leaves a workload that is %s, and says so', (_, workload, left) => {
    const turn = setBackTurn(closed, place({ workloads: workload ? [workload] : [] }), ['scaled']);
    expect(turn).toMatchObject({
      changes: [],
      marks: [{ mark: 'undone', left: expect.stringContaining(left) }],
    });
  });

  it('brings replicas back in a turn of their own, before what scales them wakes up', () => {
    const scaler = buildAutoscaler('ScaledObject', 'web');
    const asleep = [{ ...scaler, annotations: { 'autoscaling.keda.sh/paused': 'true' } }];
    const noted = quiesced(place({ workloads: [WEB], autoscalers: [scaler] }));
    const deedsAt = (workload: typeof WEB) =>
      setBackTurn(noted, place({ workloads: [workload], autoscalers: asleep }), [
        'scaled',
        'paused',
      ]).changes.map(({ deed }) => deed);
    expect(deedsAt(zero)).toEqual(['scaled']);
    expect(deedsAt(WEB)).toEqual(['paused']);
  });

  it('takes what an autoscaler has made of it since for set back', () => {
    const facts = place({
      workloads: [{ ...WEB, replicas: 5 }],
      autoscalers: [buildAutoscaler('HorizontalPodAutoscaler', 'web')],
    });
    expect(setBackTurn(closed, facts, ['scaled']).marks).toEqual([
      { key: 'scaled Deployment/web', mark: 'undone' },
    ]);
  });

  it('resumes only CronJobs that were not suspended before', () => {
    const jobs = [buildCronJob('backup', true), buildCronJob('clean-up')];
    const noted = applyTurn(run, suspendTurn(run, place({ cronJobs: jobs })), NOW);
    const asleep = place({ cronJobs: jobs.map((one) => ({ ...one, suspended: true })) });
    expect(setBackTurn(noted, asleep, ['suspended']).changes).toMatchObject([
      { deed: 'suspended', suspended: false, object: { name: 'clean-up' } },
    ]);
  });

  it('leaves a CronJob of another release alone', () => {
    const foreign = { ...buildCronJob('other'), labels: { release: 'shop' } };
    expect(suspendTurn(run, place({ cronJobs: [foreign] })).changes).toEqual([]);
  });
});

describe('secrets', () => {
  const ofSet = [buildFingerprint('rails-secret', 'set')];
  const facts = (value: string, more: Partial<SecretFacts> = {}): SecretFacts => ({
    now: NOW,
    ofSet,
    current: [buildFingerprint('rails-secret', value)],
    workloads: [buildWorkload('toolbox'), buildWorkload('other', { secrets: [] }), { ...WEB, replicas: 0 }],
    ...more,
  });

  it('are written, then what reads them and runs is restarted, and waited for', () => {
    const first = secretsTurn(run, facts('now'), undefined);
    expect(first.changes).toMatchObject([
      { deed: 'replaced', content: 'of-set', object: { name: 'gitlab-rails-secret' } },
    ]);
    expect(first.notes).toMatchObject([{ before: { fingerprint: { keys: facts('now').current[0]?.keys } } }]);
    const noted = applyTurn(run, first, NOW);
    const second = secretsTurn(noted, facts('set'), undefined);
    expect(second.changes).toMatchObject([
      { deed: 'restarted', object: { name: 'toolbox' }, cause: 'restore-1/set' },
    ]);
    const moving = buildWorkload('toolbox', { restartedFor: 'restore-1/set', isSettled: false });
    expect(secretsTurn(noted, facts('set', { workloads: [moving] }), undefined).verdict.state).toBe('wait');
    const settled = { ...moving, isSettled: true };
    expect(secretsTurn(noted, facts('set', { workloads: [settled] }), undefined).verdict.state).toBe('done');
  });

  it('that can not be read are never written over', () => {
    const blind = facts('now', { current: [buildFingerprint('rails-secret', '', { state: 'unreadable' })] });
    expect(secretsTurn(run, blind, undefined)).toMatchObject({ changes: [], verdict: { state: 'failed' } });
  });

  it('are put back as they were, and one that was not there is taken away', () => {
    const absent = facts('', {
      current: [buildFingerprint('rails-secret', '', { state: 'absent', keys: {} })],
    });
    const noted = applyTurn(run, secretsTurn(run, absent, undefined), NOW);
    expect(noted.touched).toMatchObject([{ deed: 'replaced', before: {} }]);
    expect(secretsBackTurn(noted, facts('set'), 'restore-secrets', undefined).changes).toMatchObject([
      { deed: 'replaced', content: 'of-before' },
    ]);
    expect(secretsBackTurn(noted, absent, 'restore-secrets', undefined).marks).toMatchObject([
      { mark: 'undone' },
    ]);
  });

  it('that somebody else has changed since are left to him', () => {
    const noted = applyTurn(run, secretsTurn(run, facts('now'), undefined), NOW);
    expect(secretsBackTurn(noted, facts('foreign'), 'restore-secrets', undefined)).toMatchObject({
      changes: [expect.objectContaining({ deed: 'restarted' })],
      marks: [{ left: expect.stringContaining('somebody else') }],
    });
  });
});
