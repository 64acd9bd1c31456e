import { defineCheck } from '../check.ts';
import { isRunning } from '../updates/update-status.ts';
import { describeUpdate, subjectOfUpdate } from './rules/command.ts';

export const runningUpdates = defineCheck({
  code: 'running-updates',
  title: 'No other update of the cluster, its add-ons or node groups is under way',
  reads: ['updates'],
  judge: ({ updates }, step) =>
    updates.filter(isRunning).map(({ id, type, status, about, createdAt }) => ({
      result: about === undefined ? 'block' : 'warn',
      subject: `update ${id}`,
      message:
        about === undefined
          ? `${type} of the cluster is under way (${status}): EKS refuses a second one until it ends.`
          : `${type} of ${subjectOfUpdate({ type, about })} is under way (${status}): let it end before the control plane moves.`,
      remedy: {
        text: 'Wait until it ended; the command shows how far it is.',
        command: describeUpdate({ id, type, about }, step),
        link: 'https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html',
      },
      evidence: [`${id}: ${type}, ${status}`, ...(createdAt === undefined ? [] : [`begun at ${createdAt}`])],
    })),
});
