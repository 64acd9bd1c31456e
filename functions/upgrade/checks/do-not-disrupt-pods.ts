import type { WorkloadFact } from '../../records/upgrade/kubernetes-facts.ts';
import { defineCheck } from '../check.ts';
import { nameWorkload } from './rules/subject.ts';

/** Pods of jobs bear the mark for good reason, and end by themselves. */
const LASTING: ReadonlySet<WorkloadFact['kind']> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicationController',
]);

export const doNotDisruptPods = defineCheck({
  code: 'do-not-disrupt-pods',
  title: 'No lasting pod forbids that its node is replaced',
  reads: ['workloads', 'nodes'],
  judge: ({ workloads, nodes }, { to }) => {
    if (!nodes.some(({ origin }) => origin === 'karpenter' || origin === 'auto')) return [];
    return workloads
      .filter(({ kind, replicas, doNotDisrupt }) => doNotDisrupt && replicas > 0 && LASTING.has(kind))
      .map((workload) => ({
        result: 'warn',
        subject: nameWorkload(workload),
        message: `Its pods are marked do-not-disrupt and never end: a node of Karpenter or Auto Mode with one of them does not follow to ${to} by drift.`,
        remedy: {
          text: 'Take the annotation out of the pod template, or give the node pool a terminationGracePeriod.',
          command: `kubectl -n ${workload.namespace} get ${workload.kind.toLowerCase()} ${workload.name} -o jsonpath='{.spec.template.metadata.annotations}'`,
          link: 'https://karpenter.sh/docs/concepts/disruption/#pod-level-controls',
        },
        evidence: ['annotation karpenter.sh/do-not-disrupt'],
      }));
  },
});
