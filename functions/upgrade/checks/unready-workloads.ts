import type { WorkloadFact } from '../../records/upgrade/kubernetes-facts.ts';
import { defineCheck } from '../check.ts';
import { agree, count, nameWorkload } from './rules/subject.ts';

/** Kinds that are meant to be ready all the time; jobs are not. */
const LASTING: ReadonlySet<WorkloadFact['kind']> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicationController',
]);

export const unreadyWorkloads = defineCheck({
  code: 'unready-workloads',
  title: 'Every workload is ready before something is changed',
  reads: ['workloads'],
  judge: ({ workloads }) =>
    workloads
      .filter(({ kind, replicas, ready }) => LASTING.has(kind) && ready < replicas)
      .map((workload) => ({
        result: 'warn',
        subject: nameWorkload(workload),
        message: `${workload.ready} of its ${count(workload.replicas, 'pod')} ${agree(workload.ready, 'is', 'are')} ready: an upgrade that begins like this cannot tell its own harm from what was there before, and a drain may wait for it.`,
        remedy: {
          text: 'Find out what is wrong with it, or scale it down when nobody needs it.',
          command: `kubectl -n ${workload.namespace} describe ${workload.kind.toLowerCase()} ${workload.name}`,
        },
        evidence: [`${workload.ready} of ${workload.replicas} ready`],
      })),
});
