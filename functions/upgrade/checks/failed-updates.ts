import type { UpdateFact } from '../../records/upgrade/aws-facts.ts';
import { defineCheck } from '../check.ts';
import { describeUpdate, subjectOfUpdate } from './rules/command.ts';
import { describeIssue, listCodes } from './rules/health-issue.ts';

/** The last update of each thing of each kind, when it failed: what stopped it then may still be there. */
export const failedUpdates = defineCheck({
  code: 'failed-updates',
  title: 'The last update of the cluster, and of each add-on and node group, went well',
  reads: ['updates'],
  judge: ({ updates }, step) =>
    [...Map.groupBy(updates, ({ about, type }) => `${type} of ${subjectOfUpdate({ type, about })}`)].flatMap(
      ([subject, same]) => {
        const [last] = same.toSorted(newestFirst);
        if (last?.status !== 'Failed') return [];
        const codes = listCodes(last.errors);
        return [
          {
            result: 'warn',
            subject,
            message: `The last one failed${codes === '' ? '' : ` with ${codes}`}: what stopped it may stop this step too.`,
            remedy: {
              text: 'Look at its errors, and see that their cause is gone.',
              command: describeUpdate(last, step),
              link: 'https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html',
            },
            evidence: [
              `${last.id}${last.createdAt === undefined ? '' : `, begun at ${last.createdAt}`}`,
              ...last.errors.map(describeIssue),
            ],
          },
        ];
      },
    ),
});

const newestFirst = (a: UpdateFact, b: UpdateFact): number =>
  (b.createdAt ?? '').localeCompare(a.createdAt ?? '');
