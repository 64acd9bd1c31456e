import type { Executions } from '../../../clients/executions.ts';
import type { KubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import type { KubernetesNetworkPolicies } from '../../../clients/kubernetes-network-policies.ts';
import type { KubernetesScaling } from '../../../clients/kubernetes-scaling.ts';
import { TransientError } from '../../../runtime/errors.ts';

/** What a drill reads and changes outside of the ledger. */
export interface DrillClients {
  readonly jobs: KubernetesJobs;
  readonly scaling: KubernetesScaling;
  readonly policies: KubernetesNetworkPolicies;
  readonly executions: Pick<Executions, 'start' | 'describe' | 'stop'>;
}

/**
 * The same clients, each write of which asks first whether the place is still ours: a Lambda that was taken for dead may
 * live on for minutes while another execution destroys what it would make.
 *
 * @param isOurs by the lock and its token.
 * @throws TransientError `drill.lost-place` instead of a write when it is not: the next look says who has it.
 */
export const fenceClients = (
  { jobs, scaling, policies, executions }: DrillClients,
  isOurs: () => Promise<boolean>,
): DrillClients => {
  const ours = async (): Promise<void> => {
    if (await isOurs()) return;
    throw new TransientError('drill.lost-place', 'Another execution has taken the place of the drill.');
  };
  return {
    jobs: {
      ...jobs,
      createJob: async (...given) => (await ours(), jobs.createJob(...given)),
      deleteJob: async (...given) => (await ours(), jobs.deleteJob(...given)),
    },
    scaling: {
      ...scaling,
      scale: async (...given) => (await ours(), scaling.scale(...given)),
    },
    policies: {
      ...policies,
      create: async (...given) => (await ours(), policies.create(...given)),
      delete: async (...given) => (await ours(), policies.delete(...given)),
    },
    executions: {
      ...executions,
      start: async (...given) => (await ours(), executions.start(...given)),
      stop: async (...given) => (await ours(), executions.stop(...given)),
    },
  };
};
