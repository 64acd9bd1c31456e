import { siteOf } from '../records/configuration/lookup.ts';
import type { BackupPolicy, BackupSettings, Configuration } from '../records/configuration.ts';
import { RefusedError } from '../runtime/errors.ts';

/** One policy of one GitLab, as every step of a backup needs it. */
export interface BackupSubject {
  readonly environment: string;
  /** Name of the policy. */
  readonly policy: string;
  readonly settings: BackupSettings;
  readonly policySettings: BackupPolicy;
  /** Name of the EKS cluster. */
  readonly cluster: string;
  /** Of the site. */
  readonly region: string;
  /** Of the site, 12 digits. */
  readonly account: string;
  /** Where people open this GitLab, and what may look into it. */
  readonly gitlab?: NonNullable<Configuration['environments'][string]['gitlab']>;
}

/**
 * Finds a policy in `drydock.yaml`.
 *
 * @param policy may be left out where an environment has one only.
 * @throws RefusedError `backup.unknown`: there is no such environment or policy, and the message names those there are.
 */
export const findBackup = (
  configuration: Configuration,
  environment: string,
  policy?: string,
): BackupSubject => {
  const { settings, place } = findSettings(configuration, environment);
  const names = Object.keys(settings.policies);
  const name = policy ?? (names.length === 1 ? names[0] : undefined);
  const policySettings = name === undefined ? undefined : settings.policies[name];
  if (name === undefined || !policySettings) {
    const problem = policy === undefined ? 'several policies; name one' : `no policy ${policy}`;
    throw refuse(`${environment} has ${problem}: ${names.join(', ')}.`);
  }
  return { environment, policy: name, settings, policySettings, ...place };
};

const findSettings = (configuration: Configuration, environment: string) => {
  const all = configuration.backup?.environments ?? {};
  const settings = Object.hasOwn(all, environment) ? all[environment] : undefined;
  const member = configuration.environments[environment];
  const site = member && siteOf(configuration, member);
  if (!settings || !site) {
    const known = Object.keys(all).join(', ') || 'none';
    throw refuse(`drydock.yaml has no backup of an environment ${environment}; it has: ${known}.`);
  }
  const { gitlab } = member;
  const place = { cluster: member.cluster.name, region: site.region, account: site.account };
  return { settings, place: { ...place, ...(gitlab === undefined ? {} : { gitlab }) } };
};

const refuse = (message: string): RefusedError => new RefusedError('backup.unknown', message);

/** Names of the policies of an environment; none of one that is not backed up. */
export const listPolicies = ({ backup }: Configuration, environment: string): string[] =>
  Object.keys(backup?.environments[environment]?.policies ?? {});
