import { defineCheck } from '../check.ts';
import { nameWorkload } from './rules/subject.ts';

/** Gone from nodes since 1.24; a mount can still work where Docker is installed beside containerd. */
export const dockerSockets = defineCheck({
  code: 'docker-sockets',
  title: 'No workload mounts the socket of Docker, which nodes no longer have',
  reads: ['workloads'],
  judge: ({ workloads }) =>
    workloads
      .filter(({ dockerSocket }) => dockerSocket)
      .map((workload) => ({
        result: 'warn',
        subject: nameWorkload(workload),
        message:
          'It mounts the socket of Docker or dockershim: nodes run containerd, so on a new node it finds nothing there, or does not start.',
        remedy: {
          text: 'Build images with BuildKit, Kaniko or Buildah, and read from containerd what was read from Docker.',
          command: `kubectl -n ${workload.namespace} get ${workload.kind.toLowerCase()} ${workload.name} -o yaml`,
          link: 'https://kubernetes.io/docs/tasks/administer-cluster/migrating-from-dockershim/find-out-runtime-you-use/',
        },
        evidence: ['mounts docker.sock or dockershim.sock'],
      })),
});
