import { describe, expect, it } from 'vitest';
import { listPlanChanges } from '../../../functions/backup/restore/plan-changes.ts';
import type { RestorePlan, RestorePrecheck } from '../../../functions/records/backup/restore-plan.ts';
import { buildPlan } from './restore-builders.ts';

const check = (change: Partial<RestorePrecheck> = {}): RestorePrecheck => ({
  code: 'gitops',
  outcome: 'refuse',
  message: 'Argo CD would scale web up.',
  remedy: 'Stop it.',
  stops: true,
  ...change,
});
const passedOver = check({ stops: false, override: 'it is asleep' });
const plan = buildPlan();

describe('a plan that was approved', () => {
  it.each<[string, RestorePlan, Partial<RestorePlan>]>([
    ['nothing has changed', plan, {}],
    ['a warning has come', plan, { checks: [check({ outcome: 'warn', stops: false })] }],
    [
      'what was passed over still stands there',
      buildPlan({ checks: [passedOver] }),
      { checks: [passedOver] },
    ],
    ['what was passed over is mended', buildPlan({ checks: [passedOver] }), {}],
    [
      'it takes longer',
      plan,
      { steps: plan.steps.map((step) => ({ ...step, minutes: 90, title: 'other' })) },
    ],
    ['people were added', plan, { quiesced: [{ kind: 'Deployment', name: 'web', replicas: 9, why: 'x' }] }],
  ])('holds when %s', (_, approved, now) => {
    expect(listPlanChanges(approved, buildPlan(now))).toEqual([]);
  });

  it.each<[string, Partial<RestorePlan>, RegExp]>([
    ['a check stands against it', { checks: [check()] }, /^gitops: Argo CD would scale web up. Stop it.$/],
    [
      'something would be passed over that nobody has read',
      { checks: [passedOver] },
      /did not stand in the plan that was approved/,
    ],
    [
      'the place has moved',
      { target: { ...plan.target, cluster: 'green' } },
      /^Cluster, namespace and release would be others .* blue, gitlab, gitlab then, eu-central-1, green/,
    ],
    ['the set is another', { set: { ...plan.set, policy: 'hourly' } }, /^The set and its policy/],
    ['a step is gone', { steps: plan.steps.slice(1) }, /^The steps .*: safety-backup, .* then, suspend-/],
    ['less stays as it is', { skip: [] }, /^The parts that stay as they are .*: registry then, none now/],
    [
      'GitLab has other buckets',
      { buckets: [{ component: 'uploads', bucket: 'new-uploads' }] },
      /^The buckets .*gitlab-uploads \(uploads\) then, new-uploads \(uploads\) now/,
    ],
    ['other secrets are written', { secrets: [] }, /^The secrets .*: gitlab-rails-secret then, none now/],
  ])('holds no more when %s', (_, now, sentence) => {
    expect(listPlanChanges(plan, buildPlan(now))).toEqual([expect.stringMatching(sentence)]);
  });
});
