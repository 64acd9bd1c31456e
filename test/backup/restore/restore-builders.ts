import type {
  Autoscaler,
  ScalableWorkload,
  ScheduledWork,
} from '../../../functions/clients/kubernetes-scaling.ts';
import type { RestorePlan, RestoreStep } from '../../../functions/records/backup/restore-plan.ts';
import type { SecretFingerprint } from '../../../functions/records/backup/secret-fingerprints.ts';

/** A restore of production onto itself, with all its steps. */
export const STEPS: readonly RestoreStep[] = [
  'safety-backup',
  'suspend-schedules',
  'quiesce',
  'restore-secrets',
  'restore-job',
  'analyse',
  'check',
  'open',
  'probe',
  'runners',
];

export const SET_ID = '1772366400_2026_03_01_18.10.0-ee';
export const SAFETY_ID = '1772370000_2026_03_01_18.10.0-ee';

export const buildExecution = (name = 'restore-1') => ({
  arn: `arn:aws:states:eu-central-1:123456789012:execution:restore:${name}`,
  name,
  startedAt: '2026-03-01T12:00:00.000Z',
});

export const buildPlan = (overrides: Partial<RestorePlan> = {}): RestorePlan => ({
  version: 1,
  id: 'plan-1',
  target: {
    kind: 'environment',
    environment: 'production',
    cluster: 'blue',
    region: 'eu-central-1',
    namespace: 'gitlab',
    release: 'gitlab',
  },
  set: { environment: 'production', policy: 'daily', id: SET_ID },
  takenAt: '2026-03-01T12:00:00.000Z',
  gitlabVersion: '18.10.0-ee',
  size: 40_000_000_000,
  steps: STEPS.map((step) => ({ step, title: step })),
  skip: ['registry'],
  buckets: [{ component: 'uploads', bucket: 'gitlab-uploads' }],
  tmpBucket: 'gitlab-tmp',
  quiesced: [],
  paused: [],
  secrets: [{ id: 'rails-secret', name: 'gitlab-rails-secret' }],
  checks: [],
  request: {
    environment: 'production',
    target: 'production',
    confirm: 'production',
    by: 'Ada',
    why: 'a table is gone',
    dryRun: false,
    overrides: [],
  },
  madeAt: '2026-03-01T12:00:00.000Z',
  execution: buildExecution(),
  ...overrides,
});

/**
 * The same into the scratch place of production, without a safety backup.
 *
 * @param drill id of the drill that it belongs to; undefined for one that a person asked for.
 */
export const buildScratchPlan = (drill?: string): RestorePlan => {
  const { target, steps, request } = buildPlan();
  const { confirm: _, ...asked } = request;
  return buildPlan({
    target: { ...target, kind: 'scratch' },
    steps: steps.filter(({ step }) => step !== 'safety-backup'),
    request: { ...asked, target: 'scratch', ...(drill === undefined ? {} : { drill }) },
  });
};

export const buildWorkload = (
  name: string,
  { app, ...overrides }: Partial<ScalableWorkload> & { readonly app?: string } = {},
): ScalableWorkload => {
  const { replicas = 2 } = overrides;
  return {
    kind: 'Deployment',
    namespace: 'gitlab',
    name,
    uid: `uid-${name}`,
    labels: {},
    annotations: {},
    podLabels: { app: app ?? name, release: 'gitlab' },
    replicas,
    pods: replicas,
    isSettled: true,
    owners: [],
    replicasSetBy: ['helm'],
    secrets: ['gitlab-rails-secret'],
    ...overrides,
  };
};

export const buildAutoscaler = (
  kind: Autoscaler['kind'],
  target: string,
  overrides: Partial<Autoscaler> = {},
): Autoscaler => ({
  kind,
  namespace: 'gitlab',
  name: `${target}-scaler`,
  uid: `uid-${target}-scaler`,
  target: { kind: 'Deployment', name: target },
  minReplicas: 1,
  annotations: {},
  owners: [],
  ...overrides,
});

export const buildCronJob = (name: string, suspended = false): ScheduledWork => ({
  namespace: 'gitlab',
  name,
  uid: `uid-${name}`,
  labels: { release: 'gitlab' },
  suspended,
});

/** @param value stands for what is in the secret. */
export const buildFingerprint = (
  id: string,
  value: string,
  overrides: Partial<SecretFingerprint> = {},
): SecretFingerprint => ({
  id,
  name: `gitlab-${id}`,
  need: 'required',
  purpose: 'data',
  state: 'read',
  keys: { secret: Buffer.from(value).toString('hex').padEnd(64, '0').slice(0, 64) },
  ...overrides,
});
