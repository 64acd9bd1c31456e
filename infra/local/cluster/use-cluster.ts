import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { KubeConfig } from '@kubernetes/client-node';

import type { Cluster } from './start-cluster.ts';

/**
 * Takes the cluster of the current context of a kubeconfig (`DRYDOCK_KUBECONFIG`) in place of the local one.
 *
 * What differs: it lives on after `stop`; nothing here plays bad releases; and its API server asks its own
 * authenticator about tokens, so EKS tokens of the local AWS are refused there: authenticating-proxy.ts stands
 * before it.
 *
 * @throws Error naming the file and what it lacks.
 */
export const useCluster = async (kubeconfig: string): Promise<Cluster> => {
  const path = resolve(kubeconfig);
  const config = new KubeConfig();
  try {
    config.loadFromString(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} cannot be read as a kubeconfig. Set DRYDOCK_KUBECONFIG to one.`, {
      cause: error,
    });
  }
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`${path} has no current context. Set one: kubectl config use-context <name>`);
  const authority =
    cluster.caData ??
    (cluster.caFile ? (await readFile(resolve(path, '..', cluster.caFile))).toString('base64') : '');
  return {
    name: cluster.name,
    endpoint: cluster.server,
    certificateAuthority: authority,
    kubeconfig: path,
    stop: async () => undefined,
  };
};
