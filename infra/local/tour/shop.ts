import { AppsV1Api, KubeConfig, type V1Deployment } from '@kubernetes/client-node';
import { NAMESPACE } from '../world/configuration.ts';
import type { World } from '../world/start-world.ts';
import { SceneFailed } from './wait-until.ts';

/** The workload of the tour: a Deployment `shop/web`, and the target `web` that follows its image. */
export const SHOP = { target: 'web', repository: 'shop/web', namespace: NAMESPACE, name: 'web' } as const;

const LABELS = { app: SHOP.name, 'app.kubernetes.io/managed-by': 'drydock-tour' };
const TOUR = LABELS['app.kubernetes.io/managed-by'];
const NOT_FOUND = 404;

/** What a person sees with `kubectl get deployment web`. */
export interface ShopView {
  readonly image: string;
  /** Grows with each change of the specification. */
  readonly generation: number;
  readonly replicas: number;
  /** Pods of the current template that serve. */
  readonly ready: number;
}

export interface Shop {
  /** Makes the Deployment with its first image; one that an earlier tour left is replaced. */
  open(image: string, replicas: number): Promise<void>;
  look(): Promise<ShopView>;
  /** The images of all ReplicaSets: each stands for one rollout, past or present. */
  replicaSets(): Promise<readonly string[]>;
}

export const openShop = ({ cluster }: World): Shop => {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const apps = config.makeApiClient(AppsV1Api);
  const { namespace, name } = SHOP;

  const removeEarlier = async (): Promise<void> => {
    const found = await apps.readNamespacedDeployment({ namespace, name }).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === NOT_FOUND) return undefined;
      throw error;
    });
    if (!found) return;
    if (found.metadata?.labels?.['app.kubernetes.io/managed-by'] !== TOUR) {
      throw new SceneFailed(
        `This cluster has a Deployment ${namespace}/${name} that is not the tour's, so it is left alone. ` +
          'Use another cluster, or start with --no-tour.',
      );
    }
    await apps.deleteNamespacedDeployment({ namespace, name, propagationPolicy: 'Background' });
  };

  return {
    open: async (image, replicas) => {
      await removeEarlier();
      await apps.createNamespacedDeployment({ namespace, body: describeShop(image, replicas) });
    },
    look: async () => {
      const { metadata, spec, status } = await apps.readNamespacedDeployment({ namespace, name });
      const isSeen = status?.observedGeneration === metadata?.generation;
      return {
        image: spec?.template.spec?.containers[0]?.image ?? '',
        generation: metadata?.generation ?? 0,
        replicas: spec?.replicas ?? 0,
        ready: isSeen ? Math.min(status?.readyReplicas ?? 0, status?.updatedReplicas ?? 0) : 0,
      };
    },
    replicaSets: async () => {
      const { items } = await apps.listNamespacedReplicaSet({ namespace, labelSelector: `app=${name}` });
      return items.map(({ spec }) => spec?.template?.spec?.containers[0]?.image ?? '');
    },
  };
};

const describeShop = (image: string, replicas: number): V1Deployment => ({
  metadata: { name: SHOP.name, labels: LABELS },
  spec: {
    replicas,
    selector: { matchLabels: { app: SHOP.name } },
    template: { metadata: { labels: LABELS }, spec: { containers: [{ name: SHOP.name, image }] } },
  },
});
