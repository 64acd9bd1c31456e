import type { Kubernetes } from '../../functions/clients/kubernetes.ts';
import type {
  JsonPatchOperation,
  Pod,
  RolloutObservation,
  Workload,
} from '../../functions/records/workload.ts';
import { buildObservation, buildPod, buildWorkload, DIGEST_A, IMAGE } from './workload-builders.ts';

/** One Deployment of one container in memory, changed by the JSON patches that a real API server would take. */
export interface FakeCluster
  extends Pick<Kubernetes, 'observeRollout' | 'readWorkload' | 'patchWorkload' | 'watchRollout'> {
  image: string;
  annotations: Record<string, string>;
  managedFields: Workload['managedFields'];
  pods: readonly Pod[];
  deleted: boolean;
  /** Patches that were accepted. */
  readonly patches: (readonly JsonPatchOperation[])[];
  /** Runs before each patch is tried, to change the world in between. */
  beforePatch: () => void | Promise<void>;
  /** What a watch sees; unless set, what lies there once, and then silence. */
  watched: AsyncIterable<RolloutObservation> | undefined;
}

const IMAGE_PATH = '/spec/template/spec/containers/0/image';
const ANNOTATION = /^\/metadata\/annotations\/(.+)$/;

export const createFakeCluster = (): FakeCluster => {
  const look = (): Workload | undefined =>
    cluster.deleted
      ? undefined
      : buildWorkload({
          image: cluster.image,
          annotations: { ...cluster.annotations },
          managedFields: cluster.managedFields,
        });
  const valueAt = (path: string): unknown => {
    const annotation = ANNOTATION.exec(path)?.[1];
    if (annotation !== undefined) return cluster.annotations[unescape(annotation)] ?? null;
    return path === IMAGE_PATH ? cluster.image : 'web';
  };
  const set = (path: string, value: unknown): void => {
    const annotation = ANNOTATION.exec(path)?.[1];
    if (annotation !== undefined) cluster.annotations[unescape(annotation)] = String(value);
    else if (path === IMAGE_PATH) cluster.image = String(value);
    else throw new Error(`the fake cluster has no ${path}`);
  };

  const cluster: FakeCluster = {
    image: `${IMAGE}:1.0.0@${DIGEST_A}`,
    annotations: {},
    managedFields: [],
    pods: [buildPod()],
    deleted: false,
    patches: [],
    beforePatch: () => undefined,
    watched: undefined,
    readWorkload: async () => look(),
    observeRollout: async () => buildObservation({ workload: look(), pods: cluster.pods }),
    async *watchRollout(_ref, signal) {
      if (cluster.watched) yield* cluster.watched;
      else {
        yield buildObservation({ workload: look(), pods: cluster.pods });
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
    },
    patchWorkload: async (_ref, patch) => {
      await cluster.beforePatch();
      if (cluster.deleted) return { ok: false, reason: 'gone', message: 'there is no Deployment shop/web' };
      const failed = patch.find((one) => one.op === 'test' && valueAt(one.path) !== one.value);
      if (failed) return { ok: false, reason: 'conflict', message: `the test of ${failed.path} failed` };
      for (const operation of patch) {
        if (operation.op === 'add' || operation.op === 'replace') set(operation.path, operation.value);
      }
      cluster.patches.push(patch);
      return {
        ok: true,
        workload: buildWorkload({ image: cluster.image, annotations: cluster.annotations }),
      };
    },
  };
  return cluster;
};

/** RFC 6901: "~1" is a slash, "~0" a tilde. */
const unescape = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');
