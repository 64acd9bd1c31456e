import type { Job } from '../../functions/records/kubernetes-job.ts';
import type { ContainerState, Pod } from '../../functions/records/workload.ts';

/** A backup's Job that Drydock made and that runs. */
export const buildJob = (overrides: Partial<Job> = {}): Job => ({
  namespace: 'gitlab',
  name: 'gitlab-toolbox-backup-1772366400-0a1b2c3d',
  uid: 'job-1',
  createdAt: '2026-03-01T12:00:00.000Z',
  startedAt: '2026-03-01T12:00:00.000Z',
  labels: { app: 'toolbox', release: 'gitlab' },
  annotations: {},
  owners: [],
  podLabels: { app: 'toolbox', release: 'gitlab' },
  containers: ['toolbox-backup'],
  suspended: false,
  deleting: false,
  conditions: [],
  ...overrides,
});

/** Its pod, which runs. @param overrides `state` is that of the container `toolbox-backup`. */
export const buildJobPod = ({
  state = { type: 'running', reason: '', message: '', startedAt: '2026-03-01T12:00:05.000Z' },
  ...overrides
}: Partial<Pod> & { readonly state?: ContainerState }): Pod => ({
  name: 'gitlab-toolbox-backup-1772366400-0a1b2c3d-x7k2p',
  createdAt: '2026-03-01T12:00:00.000Z',
  deleting: false,
  phase: 'Running',
  reason: '',
  message: '',
  revision: '',
  conditions: [
    { type: 'PodScheduled', status: 'True', reason: '', message: '', at: '2026-03-01T12:00:00.000Z' },
  ],
  containers: [
    {
      name: 'toolbox-backup',
      init: false,
      image: 'gitlab-toolbox-ee:v18.10.0',
      imageId: '',
      ready: state.type === 'running',
      restarts: 0,
      state,
    },
  ],
  ...overrides,
});

/** A container that has ended. */
export const endedState = (exitCode: number, reason = 'Error'): ContainerState => ({
  type: 'terminated',
  reason,
  message: '',
  exitCode,
});
