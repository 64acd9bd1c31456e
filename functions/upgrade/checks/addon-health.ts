import { defineCheck } from '../check.ts';
import { eksCommand } from './rules/command.ts';
import { describeIssue, listCodes } from './rules/health-issue.ts';

export const addonHealth = defineCheck({
  code: 'addon-health',
  title: 'Every add-on is active and healthy',
  reads: ['addons'],
  judge: ({ addons }, step) =>
    addons
      .filter(({ status, issues }) => status !== 'ACTIVE' || issues.length > 0)
      .map(({ name, status, issues }) => ({
        result: 'warn',
        subject: `add-on ${name}`,
        message: `Its status is ${status}${
          issues.length > 0 ? `, and EKS reports ${listCodes(issues)}` : ''
        }: an upgrade that begins like this cannot tell its own harm from what was there before.`,
        remedy: {
          text: 'Mend what EKS names before this step; the command shows it.',
          command: eksCommand(
            'describe-addon',
            { 'addon-name': name, query: "'addon.[status,health]'" },
            step,
          ),
          link: 'https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html',
        },
        evidence: issues.map(describeIssue),
      })),
});
