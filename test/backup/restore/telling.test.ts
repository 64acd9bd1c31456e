import { describe, expect, it } from 'vitest';
import { applyTurn } from '../../../functions/backup/restore/apply-turn.ts';
import { applyChoice, judgeChoice, listChoices } from '../../../functions/backup/restore/choice.ts';
import { beginRun, interruptRun, judgeOpenRun } from '../../../functions/backup/restore/run-life.ts';
import { changeStep, enterWay } from '../../../functions/backup/restore/run-steps.ts';
import { done, plainTurn } from '../../../functions/backup/restore/step-turn.ts';
import { describeRestorePlan } from '../../../functions/backup/restore/telling/restore-lines.ts';
import {
  composeHoldNotice,
  composeNoRestoreNotice,
  composeRestoreApprovalNotice,
  composeRestoreEndNotice,
} from '../../../functions/backup/restore/telling/restore-notice.ts';
import {
  RestoreOutcome,
  type RestoreRun,
  RestoreRun as RunSchema,
} from '../../../functions/records/backup/restore.ts';
import { Notice } from '../../../functions/records/message.ts';
import { buildExecution, buildPlan, SAFETY_ID, SET_ID } from './restore-builders.ts';

const NOW = new Date('2026-03-01T14:00:00.000Z');
const begun = beginRun(
  buildPlan(),
  { execution: buildExecution(), fence: 1 },
  new Date('2026-03-01T12:00:00.000Z'),
);

/** Held behind the first destructive step, with all that a person reads. */
const held: RestoreRun = {
  ...applyTurn(
    begun,
    {
      ...plainTurn(done('')),
      notes: [
        {
          deed: 'scaled',
          object: { kind: 'Deployment', namespace: 'gitlab', name: 'web', uid: 'u' },
          step: 'quiesce',
          notedAt: '2026-03-01T12:30:00.000Z',
          before: { replicas: 3 },
        },
      ],
      marks: [{ key: 'scaled Deployment/web', mark: 'done' }],
    },
    NOW,
  ),
  state: 'held',
  destructiveAt: '2026-03-01T13:00:00.000Z',
  safetySet: { environment: 'production', policy: 'daily', id: SAFETY_ID },
  failure: {
    way: 'restore',
    step: 'restore-job',
    at: '2026-03-01T13:50:00.000Z',
    reasons: ['Job x: exit code 1'],
  },
};

const { safetySet: _, ...heldWithout } = held;
const heldScratch: RestoreRun = {
  ...heldWithout,
  plan: { ...held.plan, target: { ...held.plan.target, kind: 'scratch', namespace: 'gitlab-scratch' } },
};

describe('what a person may choose', () => {
  it.each<[string, RestoreRun, readonly string[]]>([
    ['nothing while it goes on', begun, []],
    ['all three behind a failure', held, ['resume', 'put-back', 'open-anyway']],
    ['no way back without a safety backup', heldWithout, ['resume', 'open-anyway']],
    [
      'no second way back within one',
      { ...enterWay(held, 'put-back'), state: 'held' },
      ['resume', 'open-anyway'],
    ],
    [
      'a way back even from an opening that failed',
      { ...enterWay(held, 'open'), state: 'held' },
      ['resume', 'put-back'],
    ],
    ['that a scratch is left as it stands', heldScratch, ['resume', 'open-anyway', 'abandon']],
  ])('%s', (_, run, choices) => {
    expect(listChoices(run)).toEqual(choices);
  });

  const answer = { restore: 'restore-1', choice: 'resume', by: 'Grace', why: 'the disk is larger now' };
  it.each([
    ['no JSON of ours', 'yes', 'the answer is no choice: it takes {"restore":"restore-1"'],
    ['an answer to an older page', { ...answer, restore: 'restore-0' }, 'answered for the restore restore-0'],
    ['an unknown word', { ...answer, choice: 'delete' }, 'is no choice'],
    ['nobody', { ...answer, by: ' ' }, 'is no choice'],
  ])('%s is none', (_, given, reason) => {
    expect(judgeChoice(given, held)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('counts once', () => {
    const verdict = judgeChoice(answer, held);
    if (!verdict.ok) throw new Error(verdict.reason);
    const going = applyChoice(held, verdict.choice, NOW);
    expect(going).toMatchObject({ state: 'under-way', choices: [{ choice: 'resume', by: 'Grace' }] });
    expect(applyChoice(going, verdict.choice, NOW)).toBe(going);
    expect(judgeChoice(answer, going)).toMatchObject({ ok: false });
  });
});

describe('a scratch that a person abandons', () => {
  const choice = { choice: 'abandon' as const, by: 'Grace', why: 'the disk is too small' };

  it('ends as it stands, once, and no other place takes the word', () => {
    const left = applyChoice(heldScratch, choice, NOW);
    expect(left).toMatchObject({ state: 'ended', outcome: 'abandoned', endedAt: NOW.toISOString() });
    expect([left.steps, left.touched]).toEqual([heldScratch.steps, heldScratch.touched]);
    expect(applyChoice(left, choice, NOW)).toBe(left);
    expect(judgeChoice({ restore: 'restore-1', ...choice }, held)).toMatchObject({ ok: false });
  });

  it.each<[string, RestoreRun, RegExp]>([
    [
      'the data, and where they lie',
      heldScratch,
      /^Data of set .* namespace gitlab-scratch .* gitlab-uploads/,
    ],
    [
      'that nothing of the backup got there',
      (({ destructiveAt: __, ...run }) => run)(heldScratch),
      /^Nothing of the backup was written into namespace gitlab-scratch/,
    ],
  ])('has people told %s', (_, run, first) => {
    const left = { ...applyChoice(run, choice, NOW), outcome: 'abandoned' as const };
    const notice = composeRestoreEndNotice(left, NOW);
    expect(notice.reasons[0]).toMatch(first);
    expect(notice).toMatchObject({ severity: 'warning', did: expect.stringContaining('stay at 0') });
    expect(notice.reasons).toContain(`Grace chose abandon at ${NOW.toISOString()}: the disk is too small`);
  });
});

describe('a place where a restore was left', () => {
  it.each([
    ['is free without one', undefined, undefined, 'free'],
    ['is free behind one that ended', { ...held, state: 'ended' as const }, undefined, 'free'],
    ['is gone on with when no set is named', held, undefined, 'resume'],
    ['is gone on with by its own set', held, SET_ID, 'resume'],
    ['takes no other set', held, SAFETY_ID, 'refused'],
  ])('%s', (_, run, asked, state) => {
    expect(judgeOpenRun(run, { set: asked }).state).toBe(state);
  });

  it('is held when its execution dies behind the first destructive step, and at its end once it was opened', () => {
    const going: RestoreRun = { ...held, state: 'under-way' };
    expect(interruptRun(going, ['aborted'], NOW)).toMatchObject({
      state: 'held',
      failure: { reasons: ['aborted'] },
    });
    const opened = [
      'safety-backup',
      'suspend-schedules',
      'quiesce',
      'restore-secrets',
      'restore-job',
      'analyse',
      'check',
      'open',
    ] as const;
    const open = opened.reduce(
      (run, step) => changeStep(run, { way: 'restore', step }, { state: 'done' }),
      going,
    );
    expect(interruptRun(open, ['aborted'], NOW)).toMatchObject({
      state: 'ended',
      outcome: 'restored-unwell',
    });
  });
});

describe('what people are told', () => {
  it('a plan says where nothing is undone any more, and what speaks against it', () => {
    const checks = [
      {
        code: 'gitops',
        outcome: 'refuse' as const,
        message: 'Argo CD keeps web.',
        remedy: 'Pause it.',
        stops: false,
        override: 'it is paused',
      },
      { code: 'version', outcome: 'pass' as const, message: 'Both are 18.10.0-ee.', stops: false },
    ];
    const lines = describeRestorePlan(buildPlan({ checks }));
    expect(lines.filter((line) => line.includes('from here on'))).toEqual([
      expect.stringMatching(/^5\. restore-job/),
    ]);
    expect(lines).toContain('refuse gitops: Argo CD keeps web. Pause it. Passed over: it is paused');
    expect(lines.join('\n')).not.toContain('Both are');
  });

  it('an approval is asked of somebody else, with one command that can be copied', () => {
    const notice = Notice.parse(
      composeRestoreApprovalNotice(buildPlan(), { token: 'AQ/token==', hours: 4, now: NOW }),
    );
    expect(notice.command).toContain("--task-token 'AQ/token=='");
    expect(notice.command).toContain('{"plan":"plan-1","by":"<you>"}');
    expect(notice.next).toContain('Somebody other than Ada');
  });

  it('a page says that all is closed, and what each choice does', () => {
    const notice = Notice.parse(composeHoldNotice(held, { token: 'AQ/token==', now: NOW }));
    expect(notice).toMatchObject({ severity: 'critical', outcome: 'held', target: 'production' });
    expect(notice.matters).toContain('web and Sidekiq stay at 0');
    expect(notice.next).toContain(SAFETY_ID);
    expect(notice.command).toContain('"choice":"<resume|put-back|open-anyway>"');
    expect(notice.reasons).toContain('Job x: exit code 1');
  });

  it.each(RestoreOutcome.options)(
    'an end that is %s is told once, whichever execution came to it',
    (outcome) => {
      const run = { ...held, state: 'ended' as const, outcome };
      const notice = Notice.parse(composeRestoreEndNotice(run, NOW));
      expect(notice.id).toBe(`restore-1-${outcome}`);
      expect(notice.reasons.length).toBeLessThanOrEqual(20);
      expect(composeRestoreEndNotice({ ...run, execution: buildExecution('restore-2') }, NOW).id).toBe(
        notice.id,
      );
      expect(RunSchema.parse(run)).toEqual(run);
    },
  );

  it('an end that nobody could look at is no good news', () => {
    const findings = [
      { step: 'probe' as const, check: 'sign-in', result: 'not-checked' as const, message: 'no address' },
    ];
    const run = { ...held, state: 'ended' as const, outcome: 'restored' as const };
    expect(composeRestoreEndNotice(run, NOW).severity).toBe('info');
    expect(composeRestoreEndNotice({ ...run, findings }, NOW).severity).toBe('warning');
  });

  it('a plan that came to nothing names who asked for it', () => {
    expect(composeNoRestoreNotice(buildPlan(), 'refused', ['the version differs'], NOW)).toMatchObject({
      matters: expect.stringContaining('Ada'),
      reasons: ['the version differs'],
    });
  });
});
