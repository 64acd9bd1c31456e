import type { WorkloadFact } from '../../records/upgrade/kubernetes-facts.ts';
import { defineCheck } from '../check.ts';
import { nameWorkload } from './rules/subject.ts';

/**
 * From 1.36 on the API server still takes gitRepo volumes, but the kubelet refuses to start such a pod. What has no
 * pods to start anew only warns: scaled to zero, or a Job that runs once. Source: Kubernetes, changelog of 1.36.
 */
export const gitRepoVolumes = defineCheck({
  code: 'git-repo-volumes',
  title: 'No workload has a gitRepo volume, with which the new kubelet starts no pod',
  reads: ['workloads'],
  since: '1.36',
  judge: ({ workloads }, { to }) =>
    workloads
      .filter(({ gitRepoVolumes: volumes }) => volumes.length > 0)
      .map((workload) => ({
        result: startsPods(workload) ? 'block' : 'warn',
        subject: nameWorkload(workload),
        message: `It has gitRepo volumes: a node of version ${to} refuses to start its pods, although the API server goes on taking them.`,
        remedy: {
          text: 'Clone in an init container into an emptyDir, or bring the files with the image or a ConfigMap.',
          command: `kubectl -n ${workload.namespace} get ${workload.kind.toLowerCase()} ${workload.name} -o yaml`,
          link: 'https://kubernetes.io/docs/concepts/storage/volumes/#gitrepo',
        },
        evidence: workload.gitRepoVolumes.map((name) => `volume ${name}`),
      })),
});

const startsPods = ({ kind, replicas }: WorkloadFact): boolean => kind !== 'Job' && replicas > 0;
