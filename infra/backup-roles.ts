import { partitionOf } from '../functions/records/partition.ts';
import { stackName } from '../functions/records/stack-name.ts';
import type { NamedSite } from './site.ts';

/**
 * The roles of the backup capability that a bucket of another account has to know: it names them before they are there,
 * so their names are ours and not CloudFormation's.
 */
export const VAULT_ROLES = [
  'preflight',
  'verify',
  'copy',
  'secrets',
  'restore',
  'advance',
  'delete',
] as const;
export type VaultRole = (typeof VAULT_ROLES)[number];

/** At most 63 of the 64 characters that IAM takes: a site has up to 40. */
export const vaultRoleName = (site: string, role: VaultRole): string => `${stackName(site)}-backup-${role}`;

type RoleSite = Pick<NamedSite, 'name' | 'account' | 'region' | 'rolePath'>;

/** ARN of such a role. */
export const vaultRoleArn = (site: RoleSite, role: VaultRole): string =>
  roleArn(site, vaultRoleName(site.name, role));

/** What the ARNs of all roles of a site look like. */
export const siteRolePattern = (site: RoleSite): string => roleArn(site, `${stackName(site.name)}-*`);

const roleArn = ({ account, region, rolePath = '/' }: RoleSite, name: string): string =>
  `arn:${partitionOf(region)}:iam::${account}:role${rolePath}${name}`;
