import {
  CoordinationV1Api,
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  V1MicroTime,
  type V1Node,
} from '@kubernetes/client-node';
import { OWN_KUBELET_LABEL } from '../../cluster/control-plane.ts';

/** What a node of this kubelet is called, and how it is kept for some pods alone. */
export interface NodeIdentity {
  readonly name: string;
  /** Label and taint of the same key and value. */
  readonly label: string;
  readonly value: string;
}

/** Where leases of nodes are; the API server makes the namespace. */
const LEASES = 'kube-node-lease';
const RENEW_MS = 10_000;
/** Room for an archive, its parts and copies of the buckets. */
const CAPACITY = { cpu: '4', memory: '16Gi', pods: '20', 'ephemeral-storage': '400Gi' };

/**
 * Registers a node, reports it ready, and renews its lease until it is stopped, as a kubelet does.
 *
 * @param port where its kubelet answers on 127.0.0.1.
 */
export const keepNode = async (
  config: KubeConfig,
  identity: NodeIdentity,
  port: number,
): Promise<{ stop(): void }> => {
  const core = config.makeApiClient(CoreV1Api);
  const leases = config.makeApiClient(CoordinationV1Api);
  const { name } = identity;
  const { metadata } = await core.createNode({ body: describeNode(identity) });
  await core.patchNodeStatus(
    { name, body: { status: describeStatus(name, port) } },
    setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
  );
  const owner = { apiVersion: 'v1', kind: 'Node', name, uid: metadata?.uid ?? '' };
  const spec = () => ({ holderIdentity: name, leaseDurationSeconds: 40, renewTime: new V1MicroTime() });
  await leases.createNamespacedLease({
    namespace: LEASES,
    body: { metadata: { name, ownerReferences: [owner] }, spec: spec() },
  });
  const renew = (): void => {
    const renewed = leases.patchNamespacedLease(
      { name, namespace: LEASES, body: { spec: spec() } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
    // An API server that is away is asked again with the next one.
    void renewed.catch(() => undefined);
  };
  const timer = setInterval(renew, RENEW_MS).unref();
  return { stop: () => clearInterval(timer) };
};

const describeNode = ({ name, label, value }: NodeIdentity): V1Node => ({
  metadata: {
    name,
    labels: {
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'node.kubernetes.io/instance-type': 'm6i.xlarge',
      'topology.kubernetes.io/region': 'eu-central-1',
      'topology.kubernetes.io/zone': 'eu-central-1a',
      // Of the same node group as the others: an upgrade takes it along.
      'eks.amazonaws.com/nodegroup': 'local',
      [OWN_KUBELET_LABEL]: 'true',
      [label]: value,
    },
  },
  spec: { taints: [{ key: label, value, effect: 'NoSchedule' }] },
});

const describeStatus = (name: string, port: number): NonNullable<V1Node['status']> => {
  const now = new Date();
  const condition = (type: string, status: 'True' | 'False', reason: string) => ({
    type,
    status,
    reason,
    message: reason,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    capacity: CAPACITY,
    allocatable: CAPACITY,
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID'),
      condition('Ready', 'True', 'KubeletReady'),
    ],
    addresses: [
      { type: 'InternalIP', address: '127.0.0.1' },
      { type: 'Hostname', address: name },
    ],
    nodeInfo: {
      kubeletVersion: 'v1.36.3',
      containerRuntimeVersion: 'containerd://2.1.5',
      operatingSystem: 'linux',
      architecture: 'amd64',
      osImage: 'none: processes of this machine',
      kernelVersion: 'local',
      bootID: name,
      machineID: name,
      systemUUID: name,
      kubeProxyVersion: 'v1.36.3',
    },
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  };
};
