import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppsV1Api, BatchV1Api, CoreV1Api, KubernetesObjectApi } from '@kubernetes/client-node';
import { startCluster } from '../../infra/local/cluster/start-cluster.ts';
import { useCluster } from '../../infra/local/cluster/use-cluster.ts';
import { loadKubeconfig } from './admin-connection.ts';

/** A real API server for one test file, and the library's own clients to prepare what a test needs. */
export interface TestCluster {
  readonly kubeconfig: string;
  readonly endpoint: string;
  readonly apps: AppsV1Api;
  readonly batch: BatchV1Api;
  readonly core: CoreV1Api;
  readonly objects: KubernetesObjectApi;
  /** Makes a namespace of its own, so that tests cannot meet. */
  createNamespace(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts the local control plane, or takes the one of `DRYDOCK_KUBECONFIG`.
 *
 * @param apiServerFlags for tests of what an API server has to be told to do; they run on the local one only.
 */
export const openTestCluster = async (apiServerFlags: readonly string[] = []): Promise<TestCluster> => {
  const own = apiServerFlags.length === 0 ? process.env['DRYDOCK_KUBECONFIG'] : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'drydock-cluster-'));
  const cluster = own
    ? await useCluster(own)
    : await startCluster({ folder, apiServerFlags, report: () => undefined });
  const config = loadKubeconfig(cluster.kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const made: string[] = [];
  return {
    kubeconfig: cluster.kubeconfig,
    endpoint: cluster.endpoint,
    apps: config.makeApiClient(AppsV1Api),
    batch: config.makeApiClient(BatchV1Api),
    core,
    objects: KubernetesObjectApi.makeApiClient(config),
    createNamespace: async () => {
      const { metadata } = await core.createNamespace({ body: { metadata: { generateName: 'test-' } } });
      const name = metadata?.name ?? '';
      made.push(name);
      return name;
    },
    stop: async () => {
      // The local one goes away as a whole; somebody's own is left as it was found.
      if (own) await Promise.all(made.map((name) => core.deleteNamespace({ name })));
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** A pod template of one container `web`. */
export const podTemplate = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image }] },
});

/** The body of a Deployment `web`. */
export const deployment = (image: string, replicas = 2) => ({
  metadata: { name: 'web' },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: podTemplate(image) },
});
