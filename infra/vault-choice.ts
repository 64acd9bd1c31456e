import { locateBackup } from '../functions/records/configuration/backup-location.ts';
import { readConfigurationFile } from '../functions/records/configuration/parse-configuration.ts';
import { formatProblems } from '../functions/records/configuration/problem.ts';
import { askDidYouMean } from '../functions/records/configuration/suggestion.ts';
import type { Configuration } from '../functions/records/configuration.ts';
import { vaultStackName } from '../functions/records/stack-name.ts';
import { Refusal } from './refusal.ts';

/** Where the backups of one environment lie, when Drydock is to make it. */
export interface Vault {
  readonly environment: string;
  /** Of the environment. */
  readonly site: string;
  /** Of the vault. */
  readonly account: string;
  readonly stacks: readonly string[];
}

/** Every vault of a configuration. */
export const listVaults = ({ sites, environments, backup }: Configuration): Vault[] =>
  Object.entries(backup?.environments ?? {}).flatMap(([environment, settings]) => {
    const name = environments[environment]?.site ?? '';
    const site = sites[name];
    if (!site || !settings.destination.create) return [];
    const { archives, copy } = locateBackup(environment, settings, site);
    const stacks = [vaultStackName(environment), ...(copy ? [vaultStackName(environment, 'copy')] : [])];
    return [{ environment, site: name, account: archives.account, stacks }];
  });

/**
 * Reads the vaults of a file.
 *
 * @param given environments that a person named on the command line; none means all.
 * @throws Refusal with every problem of the file and its line, or with the environments whose vaults there are.
 */
export const readVaults = async (file: string, given: readonly string[] = []): Promise<Vault[]> => {
  const parsed = await readConfigurationFile(file);
  if (!parsed.ok) throw new Refusal(formatProblems(parsed.problems));
  const vaults = listVaults(parsed.configuration);
  const known = vaults.map(({ environment }) => environment);
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) {
    return vaults.filter(({ environment }) => given.length === 0 || given.includes(environment));
  }
  const list = known.length === 0 ? 'there is none' : `known: ${known.join(', ')}`;
  throw new Refusal(
    `${file} has no vault of an environment ${unknown}; ${list}${askDidYouMean(unknown, known)}`,
  );
};
