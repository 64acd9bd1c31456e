import { CreateAccessEntryCommand, EKSClient } from '@aws-sdk/client-eks';
import { KubeConfig, KubernetesObjectApi } from '@kubernetes/client-node';
import {
  buildBackupAccessManifest,
  buildSecretAccessManifest,
} from '../../../functions/backup/access-manifest.ts';
import { buildDrillAccessManifest } from '../../../functions/backup/drill-access.ts';
import { buildRestoreAccessManifest } from '../../../functions/backup/restore-manifest.ts';
import { buildAccessManifest } from '../../../functions/deployment/access-manifest.ts';
import { buildUpgradeAccessManifest } from '../../../functions/upgrade/access-manifest.ts';
import type { LocalAws } from '../aws/start-aws.ts';
import type { Cluster } from '../cluster/start-cluster.ts';

/** Kubernetes makes an object once; a second start over a user's own cluster finds it there. */
const ALREADY_EXISTS = 409;

/** Lets a role into a cluster as a member of this Kubernetes group: the access entry that on AWS the stack makes. */
export const addAccessEntry = async (
  aws: LocalAws,
  eksUrl: string,
  cluster: string,
  roleArn: string,
  group: string,
): Promise<void> => {
  const eks = new EKSClient({ endpoint: eksUrl, region: aws.region, credentials: aws.credentials });
  await eks.send(
    new CreateAccessEntryCommand({
      clusterName: cluster,
      principalArn: roleArn,
      kubernetesGroups: [group],
      type: 'STANDARD',
    }),
  );
};

/**
 * Makes the namespaces of the targets, and applies the very manifests that a cluster administrator applies.
 *
 * @param helmNamespaces those whose Helm releases the upgrade check may read, as in drydock.yaml.
 */
export const applyAccessManifests = async (
  cluster: Cluster,
  namespaces: readonly string[],
  helmNamespaces: 'all' | readonly string[],
): Promise<void> => {
  await applyObjects(cluster, [
    ...namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...buildAccessManifest(namespaces),
    ...buildUpgradeAccessManifest({ helmNamespaces }),
  ]);
};

/** The same for the backup of the GitLab in a namespace, which is there already. */
export const applyBackupManifests = (cluster: Cluster, namespace: string): Promise<void> =>
  applyObjects(cluster, buildBackupAccessManifest([namespace]));

/** The same for a restore into it. */
export const applyRestoreManifests = (
  cluster: Cluster,
  namespace: string,
  names: readonly string[],
): Promise<void> => applyObjects(cluster, buildRestoreAccessManifest([namespace], names));

/** The same for drills in a namespace whose release is read, and into which is restored. */
export const applyDrillManifests = (
  cluster: Cluster,
  namespace: string,
  names: readonly string[],
): Promise<void> =>
  applyObjects(cluster, [
    ...buildSecretAccessManifest([namespace]),
    ...buildRestoreAccessManifest([namespace], names),
    ...buildDrillAccessManifest([namespace]),
  ]);

const applyObjects = async (
  cluster: Cluster,
  wanted: readonly Readonly<Record<string, unknown>>[],
): Promise<void> => {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const objects = KubernetesObjectApi.makeApiClient(config);
  for (const object of wanted) {
    await objects.create(object).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === ALREADY_EXISTS)) throw error;
    });
  }
};
