import { siteOf } from '../../records/configuration/lookup.ts';
import type { BackupPolicy, BackupSettings, Configuration } from '../../records/configuration.ts';

/** A GitLab that is backed up, as drydock.yaml has it now. */
export interface KeptEnvironment {
  readonly environment: string;
  /** Region of its site. */
  readonly region: string;
  readonly settings: BackupSettings;
  readonly policies: readonly NamedPolicy[];
}

/** A policy and the name it has. */
export type NamedPolicy = BackupPolicy & { readonly name: string };

/** Lists what is backed up, in the order of the file. */
export const listKept = (configuration: Configuration): KeptEnvironment[] =>
  Object.entries(configuration.backup?.environments ?? {}).flatMap(([environment, settings]) => {
    const found = configuration.environments[environment];
    const site = found && siteOf(configuration, found);
    if (!site) return [];
    const policies = Object.entries(settings.policies).map(([name, policy]) => ({ ...policy, name }));
    return [{ environment, region: site.region, settings, policies }];
  });
