import { defineCheck } from '../check.ts';
import { nameWorkload } from './rules/subject.ts';

export const graceSeconds = defineCheck({
  code: 'grace-seconds',
  title: 'No stateful workload is killed without time to end cleanly',
  reads: ['workloads'],
  judge: ({ workloads }) =>
    workloads
      .filter(
        ({ kind, replicas, graceSeconds: grace }) =>
          kind === 'StatefulSet' && replicas > 0 && grace !== undefined && grace <= 0,
      )
      .map((workload) => ({
        result: 'warn',
        subject: nameWorkload(workload),
        message:
          'Its terminationGracePeriodSeconds is 0: each pod is killed at once when its node is drained, in the middle of a write if need be, and another may start before it is gone.',
        remedy: {
          text: 'Give it the time it needs to end; 30 seconds is the default.',
          command: `kubectl -n ${workload.namespace} patch statefulset ${workload.name} --type merge -p '{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":30}}}}'`,
          link: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees',
        },
        evidence: ['terminationGracePeriodSeconds 0'],
      })),
});
