import type { ClusterFact } from '../../records/upgrade/aws-facts.ts';
import { defineCheck, type StepContext, type Verdict } from '../check.ts';
import { eksCommand } from './rules/command.ts';
import { describeIssue, listCodes } from './rules/health-issue.ts';

/**
 * Codes that do not stand in the way: of EKS's own making, of unknown kind, or the very reason to upgrade. Source: EKS
 * API reference, data type ClusterIssue.
 */
const HARMLESS: ReadonlySet<string> = new Set(['InternalFailure', 'Other', 'UnsupportedVersion']);

export const clusterHealth = defineCheck({
  code: 'cluster-health',
  title: 'The cluster is active and EKS knows of nothing wrong with it',
  reads: ['cluster'],
  judge: ({ cluster }, step) =>
    cluster
      .filter(({ status, issues }) => status !== 'ACTIVE' || issues.length > 0)
      .map((one) => judgeCluster(one, step)),
});

const judgeCluster = ({ status, issues }: ClusterFact, step: StepContext): Verdict => {
  const codes = listCodes(issues);
  const blocks = status !== 'ACTIVE' || issues.some(({ code }) => !HARMLESS.has(code));
  return {
    result: blocks ? 'block' : 'warn',
    subject: 'cluster',
    message: [
      ...(status === 'ACTIVE' ? [] : [`Its status is ${status}, and EKS upgrades active clusters only.`]),
      ...(codes === ''
        ? []
        : [`EKS reports ${codes}${blocks ? `, and does not bring up ${step.to} as long as it does` : ''}.`]),
    ].join(' '),
    remedy: {
      text: 'Mend what EKS names before this step; the command shows it.',
      command: eksCommand('describe-cluster', { query: "'cluster.[status,health]'" }, step),
      link: 'https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html',
    },
    evidence: issues.map(describeIssue),
  };
};
