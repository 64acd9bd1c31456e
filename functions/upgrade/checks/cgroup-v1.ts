import { defineCheck } from '../check.ts';
import { poolNodes } from './rules/node-pools.ts';
import { agree, count, listSome } from './rules/subject.ts';

/**
 * Systems that mount cgroup v1 unless somebody changed that. Bottlerocket is not among them: it tells its kubelet to
 * go on with v1. Source: release notes of each system; Kubernetes, "About cgroup v2", distributions.
 */
const CGROUP_V1_SYSTEMS: readonly RegExp[] = [
  /^Amazon Linux 2(?!\d)/,
  /^Ubuntu (?:16|18|20)\./,
  /^Ubuntu 21\.04/,
  /^Debian GNU\/Linux (?:8|9|10)\b/,
  /^CentOS (?:Linux )?(?:7|8)\b/,
  /^(?:Red Hat Enterprise Linux|Rocky Linux|AlmaLinux|Oracle Linux Server)\b.* (?:7|8)\b/,
];

export const cgroupV1 = defineCheck({
  code: 'cgroup-v1',
  title: 'No node needs cgroup v1, with which the new kubelet refuses to start',
  reads: ['nodes'],
  since: '1.35',
  judge: ({ nodes }, { to }) =>
    poolNodes(
      nodes.filter(
        ({ osImage, origin }) => origin !== 'fargate' && CGROUP_V1_SYSTEMS.some((one) => one.test(osImage)),
      ),
    ).map((pool) => ({
      result: 'warn',
      subject: pool.subject,
      message: `${count(pool.nodes.length, 'node')} run${agree(pool.nodes.length, 's', '')} a system that uses cgroup v1 unless it was changed: the kubelet of ${to} refuses to start on it.`,
      remedy: {
        text: 'Move to a system with cgroup v2 (Amazon Linux 2023, Bottlerocket). For a time, failCgroupV1: false in the kubelet configuration helps. The command, on the node, answers cgroup2fs for v2.',
        command: 'stat -fc %T /sys/fs/cgroup/',
        link: 'https://kubernetes.io/docs/concepts/architecture/cgroups/',
      },
      evidence: listSome(pool.nodes.map(({ name, osImage }) => `${name}: ${osImage}`)),
    })),
});
