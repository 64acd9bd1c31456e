import { type App, Tags } from 'aws-cdk-lib';
import { locateBackup } from '../functions/records/configuration/backup-location.ts';
import type { Configuration } from '../functions/records/configuration.ts';
import { vaultStackName } from '../functions/records/stack-name.ts';
import { BackupCopyVault, BackupVault } from './backup-vault.ts';
import { makeSynthesizer } from './sites.ts';

/**
 * Fills a CDK app with the vaults of the environments that are backed up, and whose buckets Drydock is to make: one
 * stack in the account of the destination, and one in the region of the copy.
 */
export const addVaults = (app: App, configuration: Configuration): (BackupVault | BackupCopyVault)[] =>
  Object.entries(configuration.backup?.environments ?? {}).flatMap(([environment, settings]) => {
    const name = configuration.environments[environment]?.site ?? '';
    const site = configuration.sites[name];
    if (!site || !settings.destination.create) return [];
    const { archives, secrets, copy } = locateBackup(environment, settings, site);
    const { lock, role: toolRole } = settings;
    const { role: scratchRole } = settings.restore.scratch ?? {};
    const scratch = scratchRole === toolRole ? {} : { scratchRole };
    const shared = { owner: { environment, site: { ...site, name }, toolRole, ...scratch }, lock };
    const stackOf = ({ account, region }: typeof archives) => ({
      env: { account, region },
      synthesizer: makeSynthesizer(site),
    });
    const vault = new BackupVault(app, vaultStackName(environment), {
      description: `Drydock, backups of ${environment}`,
      ...stackOf(archives),
      ...shared,
      archives,
      secrets,
    });
    const copies =
      copy &&
      new BackupCopyVault(app, vaultStackName(environment, 'copy'), {
        description: `Drydock, copies of the backups of ${environment}`,
        ...stackOf(copy),
        ...shared,
        copy,
      });
    const vaults = copies ? [vault, copies] : [vault];
    for (const stack of vaults) Tags.of(stack).add('drydock:environment', environment);
    return vaults;
  });
