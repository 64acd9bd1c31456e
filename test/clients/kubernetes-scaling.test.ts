import { afterEach, describe, expect, it } from 'vitest';
import { openKubernetesScaling } from '../../functions/clients/kubernetes-scaling.ts';
import { buildCronJob, buildWorkload } from '../backup/restore/restore-builders.ts';
import { startCannedApiServer, statusAnswer } from '../support/canned-api-server.ts';
import type { CannedAnswer, CannedServer } from '../support/canned-server.ts';
import { createFakeKubernetesScaling } from '../support/fake-kubernetes-scaling.ts';
import { describeKubernetesScaling } from './contracts/kubernetes-scaling.contract.ts';

describeKubernetesScaling('the fake', async () => {
  const scaling = createFakeKubernetesScaling();
  return {
    scaling,
    namespace: 'gitlab',
    make: async () => {
      scaling.putWorkload(buildWorkload('web'));
      scaling.putCronJob(buildCronJob('clean-up'));
    },
  };
});

/** What an API server with KEDA says, which the local one has not. */

let server: CannedServer | undefined;
afterEach(async () => server?.stop());

const open = async (answer: (url: URL) => CannedAnswer) => {
  const canned = await startCannedApiServer(answer);
  server = canned;
  return openKubernetesScaling(canned.connection);
};
const json = (body: object): CannedAnswer => ({ headers: { 'content-type': 'application/json' }, body });
const failure = (status: number, message: string): CannedAnswer => ({
  headers: { 'content-type': 'application/json' },
  ...statusAnswer(status, message),
});

const SCALED_OBJECT = {
  metadata: {
    namespace: 'gitlab',
    name: 'sidekiq',
    uid: 'u-1',
    annotations: { 'autoscaling.keda.sh/paused': 'true' },
  },
  spec: { scaleTargetRef: { name: 'gitlab-sidekiq' } },
};

describe('autoscalers of KEDA', () => {
  it('are read beside those of Kubernetes, for a Deployment where nothing else is said', async () => {
    const scaling = await open(({ pathname }) =>
      json({ items: pathname.includes('scaledobjects') ? [SCALED_OBJECT] : null }),
    );
    expect(await scaling.listAutoscalers('gitlab')).toEqual([
      {
        kind: 'ScaledObject',
        namespace: 'gitlab',
        name: 'sidekiq',
        uid: 'u-1',
        target: { kind: 'Deployment', name: 'gitlab-sidekiq' },
        minReplicas: 0,
        annotations: { 'autoscaling.keda.sh/paused': 'true' },
        owners: [],
      },
    ]);
  });

  it('that may not be listed are no autoscalers that are not there', async () => {
    const scaling = await open(({ pathname }) =>
      pathname.includes('scaledobjects') ? failure(403, 'forbidden') : json({ items: [] }),
    );
    await expect(scaling.listAutoscalers('gitlab')).rejects.toMatchObject({ code: 'kubernetes.forbidden' });
  });

  it('are not written to when they are annotated so already', async () => {
    const scaling = await open(() => json(SCALED_OBJECT));
    const object = { namespace: 'gitlab', name: 'sidekiq', uid: 'u-1' };
    expect(await scaling.annotateScaledObject(object, 'autoscaling.keda.sh/paused', 'true')).toBe('changed');
    expect(server?.requests).toHaveLength(1);
    expect(await scaling.annotateScaledObject(object, 'autoscaling.keda.sh/paused', undefined)).toBe(
      'changed',
    );
    expect(server?.requests.slice(1).map(({ path }) => path)).toEqual([
      '/apis/keda.sh/v1alpha1/namespaces/gitlab/scaledobjects/sidekiq',
      '/apis/keda.sh/v1alpha1/namespaces/gitlab/scaledobjects/sidekiq?fieldManager=drydock',
    ]);
  });

  it('that are gone are gone', async () => {
    const scaling = await open(() => failure(404, 'not found'));
    const object = { namespace: 'gitlab', name: 'sidekiq', uid: 'u-1' };
    expect(await scaling.annotateScaledObject(object, 'a', 'b')).toBe('gone');
    expect(await scaling.suspendCronJob(object, true)).toBe('gone');
  });
});
