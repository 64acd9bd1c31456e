import { describe, expect, it } from 'vitest';
import { composeNotice, type RolloutEnd } from '../../functions/deployment/rollout-notice.ts';
import { Input as Control } from '../../functions/deployment/set-control.contract.ts';
import { Notice } from '../../functions/records/message.ts';
import { RolloutOutcome } from '../../functions/records/rollout.ts';
import { renderMessage } from '../../functions/rules/message-text.ts';
import { buildExecution, buildOrder } from '../support/target-world.ts';
import { DIGEST_A, DIGEST_B, IMAGE } from '../support/workload-builders.ts';

const PREVIOUS = `${IMAGE}:1.0.0@${DIGEST_A}`;
const buildEnd = (outcome: RolloutOutcome, overrides: Partial<RolloutEnd> = {}): RolloutEnd => ({
  order: buildOrder(),
  execution: buildExecution(),
  outcome,
  reasons: ['pod web-x: CrashLoopBackOff'],
  rollout: {
    version: 1,
    order: buildOrder(),
    execution: buildExecution(),
    fence: 1,
    previousImage: PREVIOUS,
    startedAt: '2026-03-01T12:00:00.000Z',
    reasons: [],
  },
  environment: 'production',
  at: '2026-03-01T12:00:00.000Z',
  ...overrides,
});

/** Every outcome: how loud it is, and what its message must say. */
const OUTCOMES: Readonly<Record<RolloutOutcome, readonly [Notice['severity'], ...RegExp[]] | undefined>> = {
  'rolled-out': [
    'info',
    /web 1\.1\.0 is rolled out and healthy/,
    new RegExp(`Replaced ${PREVIOUS} by`),
    /Nothing to do/,
  ],
  'rolled-back': [
    'warning',
    /failed and was rolled back; 1\.0\.0 is healthy again/,
    new RegExp(`holds ${DIGEST_B}`),
    /npm run why -- web/,
  ],
  failed: ['critical', /failed and was left as it is/, /changed nothing else/, new RegExp(PREVIOUS)],
  'rollback-failed': ['critical', /failed, and so did the way back/, /Look at the pods of web now/],
  'not-checked': ['critical', /could not be seen until the deadline/, /is not known/, /npm run doctor/],
  'not-applied': ['warning', /the cluster does not answer/, /the next sweep tries again/],
  refused: ['warning', /Drydock was refused/, /npm run doctor/],
  gone: ['warning', /was deleted while it was rolled out/, /take the target web out of drydock\.yaml/],
  overtaken: ['info', /Somebody changed the image of web/, /Left that change alone/],
  aborted: ['critical', /was stopped before its end/, /Freed the target/],
  superseded: undefined,
  'not-wanted': undefined,
};

describe('the notice about the end of a rollout', () => {
  it.each(RolloutOutcome.options)('%s says what happened, what was done and what comes next', (outcome) => {
    const expected = OUTCOMES[outcome];
    const notice = composeNotice(buildEnd(outcome));
    expect(notice === undefined).toBe(expected === undefined);
    if (!notice || !expected) return;
    const [severity, ...sayings] = expected;
    expect(notice.severity).toBe(severity);
    const { body } = renderMessage(Notice.parse(notice));
    for (const says of sayings) expect(body).toMatch(says);
    expect(body).toContain('pod web-x: CrashLoopBackOff');
  });

  it.each(['refused', 'not-applied'] as const)(
    '%s, into which each sweep runs again, is told once a day',
    (outcome) => {
      const told = (name: string, at: string) => {
        const end = buildEnd(outcome);
        return composeNotice({ ...end, order: { ...end.order, name }, at })?.id;
      };
      const first = told('rollout-1', '2026-03-01T12:00:00.000Z');
      expect(told('rollout-2', '2026-03-01T12:15:00.000Z')).toBe(first);
      expect(told('rollout-3', '2026-03-02T00:15:00.000Z')).not.toBe(first);
    },
  );

  it('one end has one id, whoever tells it and when', () => {
    const first = composeNotice(buildEnd('failed'));
    const again = composeNotice(
      buildEnd('failed', { at: '2026-03-01T13:00:00.000Z', execution: buildExecution('handler-1') }),
    );
    expect(again?.id).toBe(first?.id);
    expect(composeNotice(buildEnd('rolled-back'))?.id).not.toBe(first?.id);
  });

  it('an end before anything was changed speaks of no image that it does not know', () => {
    const notice = composeNotice(buildEnd('failed', { rollout: undefined }));
    expect(notice?.next).toContain('set the previous image (the previous image) by hand');
    expect(JSON.stringify(notice)).not.toContain('undefined');
  });

  it('names the target, its environment and the page of its execution', () => {
    expect(composeNotice(buildEnd('failed'))).toMatchObject({
      target: 'web',
      environment: 'production',
      execution: {
        name: 'rollout-1',
        url: `https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/${buildExecution().arn}`,
      },
    });
  });

  it('the way to stop Drydock that it prints is one the control machine takes', () => {
    const stop = composeNotice(buildEnd('failed'))?.stop ?? '';
    const written: unknown = JSON.parse(/\{.*\}/.exec(stop)?.[0] ?? '');
    expect(Control.parse(written)).toMatchObject({ pause: 'target/web' });
  });
});
