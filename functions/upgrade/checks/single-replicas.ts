import { defineCheck } from '../check.ts';
import { nameWorkload } from './rules/subject.ts';

/** Scaled to zero is meant so, and fine. */
export const singleReplicas = defineCheck({
  code: 'single-replicas',
  title: 'Every workload has more than one pod, so that it goes on while a node is drained',
  reads: ['workloads'],
  judge: ({ workloads }) =>
    workloads
      .filter(
        ({ kind, replicas }) =>
          replicas === 1 &&
          (kind === 'Deployment' || kind === 'StatefulSet' || kind === 'ReplicationController'),
      )
      .map((workload) => ({
        result: 'warn',
        subject: nameWorkload(workload),
        message:
          workload.kind === 'StatefulSet'
            ? 'It has one pod, which has to stop before another starts, with its volume: it is down while its node is replaced.'
            : 'It has one pod: it is down from the moment its node is drained until another is ready.',
        remedy:
          workload.kind === 'StatefulSet'
            ? {
                text: 'Where it cannot run twice (a database, Gitaly), plan the step for a time when a short downtime is fine, and tell those who use it.',
              }
            : {
                text: 'Give it a second pod, at least for the time of the upgrade.',
                command: `kubectl -n ${workload.namespace} scale ${workload.kind.toLowerCase()} ${workload.name} --replicas 2`,
              },
        evidence: ['1 replica'],
      })),
});
