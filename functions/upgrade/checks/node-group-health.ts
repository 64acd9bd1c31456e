import type { NodeGroupFact } from '../../records/upgrade/aws-facts.ts';
import { defineCheck, type StepContext, type Verdict } from '../check.ts';
import { eksCommand } from './rules/command.ts';
import { describeIssue, listCodes } from './rules/health-issue.ts';

/**
 * Codes that say that something is gone without which no new node comes up. Source: EKS API reference, data type Issue
 * of node groups. All others may pass.
 */
const FATAL: ReadonlySet<string> = new Set([
  'AutoScalingGroupNotFound',
  'Ec2LaunchTemplateNotFound',
  'Ec2SecurityGroupNotFound',
  'Ec2SubnetNotFound',
  'IamInstanceProfileNotFound',
  'IamNodeRoleNotFound',
]);

export const nodeGroupHealth = defineCheck({
  code: 'node-group-health',
  title: 'Every managed node group is active and healthy',
  reads: ['nodeGroups'],
  judge: ({ nodeGroups }, step) =>
    nodeGroups
      .filter(({ status, issues }) => status !== 'ACTIVE' || issues.length > 0)
      .map((group) => judgeGroup(group, step)),
});

const judgeGroup = ({ name, status, issues }: NodeGroupFact, step: StepContext): Verdict => {
  const isFatal = issues.some(({ code }) => FATAL.has(code));
  const codes = listCodes(issues);
  return {
    result: isFatal ? 'block' : 'warn',
    subject: `node group ${name}`,
    message: [
      ...(status === 'ACTIVE' ? [] : [`Its status is ${status}.`]),
      ...(codes === '' ? [] : [`EKS reports ${codes}.`]),
      isFatal
        ? `No new node can come up, so its update to ${step.to} fails.`
        : 'Its update waits for that, or fails because of it.',
    ].join(' '),
    remedy: {
      text: 'Mend what EKS names before this step; the command shows it.',
      command: eksCommand('describe-nodegroup', { 'nodegroup-name': name, query: 'nodegroup.health' }, step),
      link: 'https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html',
    },
    evidence: issues.map(describeIssue),
  };
};
