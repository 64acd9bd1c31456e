import { setTimeout as delay } from 'node:timers/promises';
import { type V1Deployment, Watch } from '@kubernetes/client-node';
import { NAMESPACE } from '../../infra/local/world/configuration.ts';
import { loadKubeconfig } from '../support/admin-connection.ts';

const RECONNECT_MS = 50;

/** What the API server itself told: the witness beside Drydock's own records. */
export interface WorkloadWatch {
  /** When a Deployment was first seen with this image; epoch milliseconds. */
  readonly seenAt: (deployment: string, image: string) => number | undefined;
  /** How many different images a Deployment was seen with. */
  readonly imagesOf: (deployment: string) => readonly string[];
  stop(): void;
}

/** Watches the Deployments of the namespace from now on. */
export const watchWorkloads = async (kubeconfig: string): Promise<WorkloadWatch> => {
  const seen = new Map<string, Map<string, number>>();
  const note = (_phase: string, object: V1Deployment): void => {
    const name = object.metadata?.name ?? '';
    const image = object.spec?.template.spec?.containers[0]?.image ?? '';
    const images = seen.get(name) ?? new Map<string, number>();
    seen.set(name, images);
    if (!images.has(image)) images.set(image, Date.now());
  };
  const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
  const watch = new Watch(loadKubeconfig(kubeconfig));
  let isStopped = false;
  const connect = (): Promise<AbortController> => watch.watch(path, {}, note, () => void reconnect());
  // A busy API server ends watches; the next one begins with everything as it is.
  const reconnect = async (): Promise<void> => {
    if (isStopped) return;
    await delay(RECONNECT_MS);
    current = await connect();
    if (isStopped) current.abort();
  };
  let current = await connect();
  return {
    seenAt: (deployment, image) => seen.get(deployment)?.get(image),
    imagesOf: (deployment) => [...(seen.get(deployment)?.keys() ?? [])],
    stop: () => {
      isStopped = true;
      current.abort();
    },
  };
};
