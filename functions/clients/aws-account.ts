import type { IdentityFact, QuotaFact, SubnetFact } from '../records/upgrade/aws-facts.ts';

/** What is asked about the subnets of a cluster: which, and who uses them. */
export interface SubnetQuestion {
  readonly id: string;
  readonly usedBy: SubnetFact['usedBy'];
}

/** What a launch template says: the version that a group uses, and what became of the template since. */
export interface LaunchTemplateAnswer {
  readonly newest: string;
  readonly default: string;
  /** Does the used version name an AMI of its own? */
  readonly customAmi: boolean;
}

/**
 * The account around a cluster: addresses, quotas, roles, keys. Throws RefusedError `aws.forbidden` (with the action
 * that is missing as its `permission`), `aws.no-credentials`, `aws.refused`, and TransientError `aws.unreachable`,
 * `aws.throttled`. A thing that does not exist is an answer.
 */
export interface AwsAccount {
  readSubnets(questions: readonly SubnetQuestion[], signal?: AbortSignal): Promise<SubnetFact[]>;
  /** Running on-demand standard vCPUs and EBS storage against their quotas. */
  readQuotas(signal?: AbortSignal): Promise<QuotaFact[]>;
  readRole(arn: string, signal?: AbortSignal): Promise<IdentityFact>;
  readKey(arn: string, signal?: AbortSignal): Promise<IdentityFact>;
  readSecurityGroups(ids: readonly string[], signal?: AbortSignal): Promise<IdentityFact[]>;
  readLaunchTemplate(
    id: string,
    used: string,
    signal?: AbortSignal,
  ): Promise<LaunchTemplateAnswer | undefined>;
}
