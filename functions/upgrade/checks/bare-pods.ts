import { defineCheck } from '../check.ts';
import { agree, count, listSome } from './rules/subject.ts';

/** One finding a namespace: pods of CI jobs are many, short, and nobody wants a line for each. */
export const barePods = defineCheck({
  code: 'bare-pods',
  title: 'Every pod belongs to something that starts it again elsewhere',
  reads: ['workloads'],
  judge: ({ workloads }) =>
    [
      ...Map.groupBy(
        workloads.filter(({ kind }) => kind === 'Pod'),
        ({ namespace }) => namespace,
      ),
    ].map(([namespace, pods]) => ({
      result: 'warn',
      subject: `pods of ${namespace}`,
      message: `${count(pods.length, 'pod')} ${agree(pods.length, 'belongs', 'belong')} to no workload: when the node is drained, nobody starts ${agree(pods.length, 'it', 'them')} again, and a CI job fails.`,
      remedy: {
        text: 'Let jobs end, or pause what starts them, before nodes are replaced; put what shall last into a Deployment.',
        command: `kubectl -n ${namespace} get pods -o wide`,
      },
      evidence: listSome(pods.map(({ name }) => name)),
    })),
});
