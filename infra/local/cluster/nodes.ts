import type { V1Node } from '@kubernetes/client-node';

const REGION = 'eu-central-1';

/** What an m6i.xlarge offers; more than this in a request stays unschedulable, as on EKS. */
const CAPACITY = { cpu: '4', memory: '16Gi', pods: '58', 'ephemeral-storage': '80Gi' };

/** Describes a node as EKS would register it: private DNS name, zone and instance type labels. */
export const describeNode = (index: number): V1Node => {
  const zone = `${REGION}${'abc'[index % 3]}`;
  const name = `ip-10-0-${index % 3}-${10 + index}.${REGION}.compute.internal`;
  return {
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': 'm6i.xlarge',
        'topology.kubernetes.io/region': REGION,
        'topology.kubernetes.io/zone': zone,
        'eks.amazonaws.com/nodegroup': 'local',
      },
    },
    spec: { providerID: `aws:///${zone}/i-${String(index).padStart(17, '0')}` },
    status: { capacity: CAPACITY, allocatable: CAPACITY },
  };
};
