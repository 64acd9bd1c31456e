import { defineCheck } from '../check.ts';
import { nameWorkload } from './rules/subject.ts';

/** With minReadySeconds a pod is at least watched for a while before it counts. */
export const readinessProbes = defineCheck({
  code: 'readiness-probes',
  title: 'Every workload says when its pods are ready, so that a drain waits for them',
  reads: ['workloads'],
  judge: ({ workloads }) =>
    workloads
      .filter(
        ({ kind, replicas, readinessProbes: probes, minReadySeconds }) =>
          (kind === 'Deployment' || kind === 'StatefulSet') &&
          replicas > 0 &&
          !probes &&
          minReadySeconds === 0,
      )
      .map((workload) => ({
        result: 'warn',
        subject: nameWorkload(workload),
        message:
          'At least one of its containers has no readiness probe: a new pod counts as ready when it has just started, so a drain takes the next one before it really works.',
        remedy: {
          text: 'Add a readiness probe to each container, or set minReadySeconds.',
          link: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
        },
        evidence: ['no readiness probe in all containers, minReadySeconds 0'],
      })),
});
