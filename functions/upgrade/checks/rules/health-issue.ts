import type { ClusterFact } from '../../../records/upgrade/aws-facts.ts';

type HealthIssue = ClusterFact['issues'][number];

/** `KmsKeyDisabled: The key is disabled. (key-1)`: an issue, or an error of an update, as a line of evidence. */
export const describeIssue = ({ code, message, resources }: HealthIssue): string =>
  resources.length === 0 ? `${code}: ${message}` : `${code}: ${message} (${resources.join(', ')})`;

/** Each code once: `KmsKeyDisabled, Ec2SubnetNotFound`; empty without issues. */
export const listCodes = (issues: readonly Pick<HealthIssue, 'code'>[]): string =>
  [...new Set(issues.map(({ code }) => code))].join(', ');
