import { type V1Deployment, Watch } from '@kubernetes/client-node';
import { NAMESPACE } from '../../infra/local/world/configuration.ts';
import { loadKubeconfig } from '../support/admin-connection.ts';

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
  const watch = await new Watch(loadKubeconfig(kubeconfig)).watch(path, {}, note, () => undefined);
  return {
    seenAt: (deployment, image) => seen.get(deployment)?.get(image),
    imagesOf: (deployment) => [...(seen.get(deployment)?.keys() ?? [])],
    stop: () => watch.abort(),
  };
};
