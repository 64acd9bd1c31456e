import { CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';

/**
 * Has the nodes of a node group report another kubelet, as new nodes of an updated group would. kwok writes a node's
 * status once, when it becomes ready, so what is written here stays.
 *
 * Left out: that an update makes new nodes and drains the old ones.
 *
 * @param version `1.36`
 */
export const setKubeletVersion = async (
  kubeconfig: string,
  nodeGroup: string,
  version: string,
): Promise<void> => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const { items } = await core.listNode({ labelSelector: `eks.amazonaws.com/nodegroup=${nodeGroup}` });
  const body = { status: { nodeInfo: { kubeletVersion: `v${version}.3-eks-0a1b2c3` } } };
  for (const { metadata } of items) {
    await core.patchNodeStatus(
      { name: metadata?.name ?? '', body },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
  }
};
