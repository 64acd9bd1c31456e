import type { AwsAccount } from '../aws-account.ts';
import { readKey } from './keys.ts';
import { readLaunchTemplate } from './launch-templates.ts';
import { readQuotas } from './quotas.ts';
import { readRole } from './roles.ts';
import { readSecurityGroups } from './security-groups.ts';
import { readSubnets } from './subnets.ts';

/**
 * Opens the account and region around a cluster, with the credentials of this process.
 *
 * Beside what `AwsAccount` says it throws RefusedError `aws.no-credentials` (nobody is signed in), `aws.refused` and
 * `aws.missing` (a quota that AWS does not know), and TransientError `aws.throttled`.
 */
export const openAwsAccount = (region: string): AwsAccount => ({
  readSubnets: (questions, signal) => readSubnets(region, questions, signal),
  readQuotas: (signal) => readQuotas(region, signal),
  readRole: (arn, signal) => readRole(region, arn, signal),
  readKey: (arn, signal) => readKey(region, arn, signal),
  readSecurityGroups: (ids, signal) => readSecurityGroups(region, ids, signal),
  readLaunchTemplate: (id, used, signal) => readLaunchTemplate(region, id, used, signal),
});
