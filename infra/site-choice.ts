import { readConfigurationFile } from '../functions/records/configuration/parse-configuration.ts';
import { formatProblems } from '../functions/records/configuration/problem.ts';
import { describeUnknownSite } from '../functions/records/configuration/suggestion.ts';
import { Refusal } from './refusal.ts';
import type { NamedSite } from './site.ts';

/**
 * Reads the configuration and finds the sites that a person named on the command line.
 *
 * @param given names of sites; none means all.
 * @throws Refusal with every problem of the file and its line, or with the sites that there are.
 */
export const readSites = async (file: string, given: readonly string[] = []): Promise<NamedSite[]> => {
  const parsed = await readConfigurationFile(file);
  if (!parsed.ok) throw new Refusal(formatProblems(parsed.problems));
  const { sites } = parsed.configuration;
  const known = Object.keys(sites);
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Refusal(describeUnknownSite(file, unknown, known));
  }
  return Object.entries(sites)
    .filter(([name]) => given.length === 0 || given.includes(name))
    .map(([name, site]) => ({ ...site, name }));
};

/**
 * Like `readSites`, for what concerns one site at a time.
 *
 * @throws Refusal also when there are several sites and none was named.
 */
export const readOneSite = async (file: string, given: string | undefined): Promise<NamedSite> => {
  const sites = await readSites(file, given === undefined ? [] : [given]);
  const [site] = sites;
  if (site === undefined || sites.length > 1) {
    const names = sites.map(({ name }) => name).join(', ');
    throw new Refusal(`${file} has several sites; name one with --site: ${names}`);
  }
  return site;
};
