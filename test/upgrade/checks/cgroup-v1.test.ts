import { cgroupV1 } from '../../../functions/upgrade/checks/cgroup-v1.ts';
import { describeCheck } from '../../support/describe-check.ts';
import { buildNode, topicOf } from '../../support/upgrade-facts.ts';

const on = (osImage: string, overrides: Parameters<typeof buildNode>[0] = {}) => ({
  nodes: topicOf(buildNode({ osImage, ...overrides })),
});

describeCheck(cgroupV1, [
  ...[
    'Amazon Linux 2023.9.20261101',
    'Bottlerocket OS 1.55.0 (aws-k8s-1.35)',
    'Ubuntu 24.04.2 LTS',
    'Ubuntu 22.04.5 LTS',
    'Debian GNU/Linux 12 (bookworm)',
    'Red Hat Enterprise Linux 9.4 (Plow)',
    'Rocky Linux 9.5 (Blue Onyx)',
    'Windows Server 2022 Datacenter',
  ].map((system) => ({
    it: `passes ${system}`,
    given: on(system),
    finds: [],
  })),
  ...[
    'Amazon Linux 2',
    'Ubuntu 20.04.6 LTS',
    'CentOS Linux 7 (Core)',
    'Red Hat Enterprise Linux 8.10 (Ootpa)',
    'Debian GNU/Linux 10 (buster)',
  ].map((system) => ({
    it: `warns of ${system}`,
    given: on(system),
    finds: ['warn node group blue'],
    says: [system, 'stat -fc %T /sys/fs/cgroup/'],
  })),
  { it: 'says nothing on the way to 1.34', given: on('Amazon Linux 2'), to: '1.34', finds: [] },
  { it: 'begins with 1.35', given: on('Amazon Linux 2'), to: '1.35', finds: ['warn node group blue'] },
  {
    it: 'leaves the nodes of Fargate, which stay with v1, to AWS',
    given: on('Amazon Linux 2', { origin: 'fargate' }),
    finds: [],
  },
]);
