import { KubeConfig, type KubernetesObject, KubernetesObjectApi } from '@kubernetes/client-node';
import { NAMESPACE } from '../world/configuration.ts';
import type { World } from '../world/start-world.ts';
import { SHOP } from './shop.ts';

const ALREADY_EXISTS = 409;

/** What kubectl wrote down when somebody applied this by a version that 1.37 no longer serves. */
const appliedByOldVersion = JSON.stringify({
  apiVersion: 'storage.k8s.io/v1beta1',
  kind: 'VolumeAttributesClass',
  metadata: { name: 'gold' },
  driverName: 'ebs.csi.aws.com',
  parameters: { type: 'gp3', iops: '6000' },
});

const TROUBLES: readonly (KubernetesObject & Readonly<Record<string, unknown>>)[] = [
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttributesClass',
    metadata: {
      name: 'gold',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': appliedByOldVersion },
    },
    driverName: 'ebs.csi.aws.com',
    parameters: { type: 'gp3', iops: '6000' },
  },
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: SHOP.name, namespace: NAMESPACE },
    spec: { maxUnavailable: 0, selector: { matchLabels: { app: SHOP.name } } },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'git-ssh', namespace: NAMESPACE },
    spec: { selector: { app: SHOP.name }, ports: [{ port: 22 }], externalIPs: ['198.51.100.7'] },
  },
];

/** Puts into the cluster what stands in the way of its next version; a second time changes nothing. */
export const troubleCluster = async ({ cluster }: World): Promise<void> => {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const objects = KubernetesObjectApi.makeApiClient(config);
  for (const object of TROUBLES) {
    await objects.create(object).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === ALREADY_EXISTS)) throw error;
    });
  }
};
