import type { Pod, RolloutObservation, Workload, WorkloadRef } from '../../functions/records/workload.ts';

export const WEB: WorkloadRef = { kind: 'Deployment', namespace: 'shop', name: 'web' };
export const DIGEST_A = `sha256:${'a'.repeat(64)}`;
export const DIGEST_B = `sha256:${'b'.repeat(64)}`;
export const DIGEST_C = `sha256:${'c'.repeat(64)}`;
export const IMAGE = 'registry.example.com/shop/web';

const READY = { desired: 3, current: 3, updated: 3, ready: 3, available: 3 };

/** A healthy Deployment of three pods with one container `web`. */
export const buildWorkload = (overrides: Partial<Workload> & { image?: string } = {}): Workload => {
  const { image = `${IMAGE}:1.0.0@${DIGEST_A}`, ...rest } = overrides;
  return {
    ref: WEB,
    uid: 'uid',
    resourceVersion: '1',
    generation: 1,
    observedGeneration: 1,
    deleting: false,
    annotations: {},
    hasAnnotations: true,
    templateAnnotations: undefined,
    managedFields: [],
    containers: [{ name: 'web', image, init: false, index: 0 }],
    selector: 'app=web',
    strategy: 'RollingUpdate',
    partition: 0,
    paused: false,
    counts: READY,
    updateRevision: '',
    conditions: [],
    ...rest,
  };
};

/** A pod of revision `r1` that has been ready for an hour before the tests' clock begins. */
export const buildPod = (overrides: Partial<Pod> & { image?: string } = {}): Pod => {
  const { image = `${IMAGE}:1.0.0@${DIGEST_A}`, ...rest } = overrides;
  const startedAt = '2026-03-01T11:00:00.000Z';
  return {
    name: 'web-r1-x',
    createdAt: startedAt,
    deleting: false,
    phase: 'Running',
    reason: '',
    message: '',
    revision: 'r1',
    conditions: [{ type: 'Ready', status: 'True', reason: '', message: '', at: startedAt }],
    containers: [
      {
        name: 'web',
        init: false,
        image,
        imageId: `${IMAGE}@${/sha256:[0-9a-f]{64}/.exec(image)?.[0] ?? DIGEST_A}`,
        ready: true,
        restarts: 0,
        state: { type: 'running', reason: '', message: '', startedAt },
      },
    ],
    ...rest,
  };
};

export const buildObservation = (overrides: Partial<RolloutObservation> = {}): RolloutObservation => ({
  observedAt: '2026-03-01T12:00:00.000Z',
  workload: buildWorkload(),
  newRevision: 'r1',
  replicaSets: [],
  pods: [buildPod()],
  events: [],
  ...overrides,
});
