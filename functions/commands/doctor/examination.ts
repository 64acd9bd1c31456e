import { narrowToSite } from '../../records/configuration/narrow-to-site.ts';
import type { Configuration } from '../../records/configuration.ts';
import { findSubject, listSubjects } from '../../upgrade/cluster-subjects.ts';
import { accessChecks } from './access-checks.ts';
import {
  backupAccesses,
  type CapabilityAccess,
  deploymentAccess,
  upgradeAccess,
} from './capability-access.ts';
import { findObstacle, type Row, runChecks } from './check.ts';
import { environmentChecks } from './environment-checks.ts';
import { registryChecks } from './registry-checks.ts';
import { restoreAccesses, scratchAccesses } from './restore-access.ts';
import { siteChecks } from './site-checks.ts';
import { sourceChecks } from './source-checks.ts';
import {
  type EnvironmentSubject,
  environmentSubject,
  type Instruments,
  registrySubjects,
  type SiteSubject,
  siteSubject,
} from './subject.ts';
import { targetChecks } from './target-checks.ts';

/** Makes every check of every site, environment, registry, source and target, in the order of the file. */
export const examine = async (
  configuration: Configuration,
  sites: readonly string[],
  instruments: Instruments,
): Promise<Row[]> => {
  const chosen = Object.entries(configuration.sites).filter(([name]) => sites.includes(name));
  const rows = await Promise.all(
    chosen.map(([name, site]) =>
      examineSite(
        siteSubject(name, site, instruments),
        narrowToSite(configuration, name),
        // Each site asks the registries by itself; with several sites a row says which one did.
        chosen.length > 1 ? ` from site ${name}` : '',
      ),
    ),
  );
  return rows.flat();
};

const examineSite = async (at: SiteSubject, configuration: Configuration, from: string): Promise<Row[]> => {
  const site = await runChecks(`site ${at.name}`, siteChecks, at);
  const obstacle = findObstacle(site, 'identity');
  const [environments, registries, sources] = await Promise.all([
    examineEnvironments(at, configuration, obstacle),
    Promise.all(
      registrySubjects(at, configuration).map(([name, subject]) =>
        runChecks(`registry ${name}${from}`, registryChecks, subject, obstacle),
      ),
    ),
    Promise.all(
      Object.entries(configuration.sources).map(([name, source]) =>
        runChecks(`source ${name}`, sourceChecks, { at, name, source }, obstacle),
      ),
    ),
  ]);
  return [...site, ...environments, ...registries.flat(), ...sources.flat()];
};

const examineEnvironments = async (
  at: SiteSubject,
  configuration: Configuration,
  obstacle: string | undefined,
): Promise<Row[]> => {
  const { environments, deployment } = configuration;
  const all = Object.entries(deployment?.targets ?? {}).map(([name, target]) => ({ ...target, name }));
  const rows = await Promise.all(
    Object.entries(environments).map(async ([name, environment]) => {
      const targets = all.filter((target) => target.environment === name);
      const subject = environmentSubject(at, environment, targets);
      const checks = [
        ...environmentChecks,
        ...listAccesses(name, configuration, targets).flatMap(accessChecks),
      ];
      const own = await runChecks(`environment ${name}`, checks, subject, obstacle);
      const blocked = obstacle ?? findObstacle(own, 'endpoint');
      const theirs = await Promise.all(
        targets.map((target) =>
          runChecks(`target ${target.name}`, targetChecks, { ...subject, target }, blocked),
        ),
      );
      const scratch = await examineScratch(name, subject, configuration, obstacle);
      return [...own, ...scratch, ...theirs.flat()];
    }),
  );
  return rows.flat();
};

/** The place beside an environment into which a backup of it is restored, on whichever cluster that is. */
const examineScratch = async (
  name: string,
  { at, environment }: EnvironmentSubject,
  configuration: Configuration,
  obstacle: string | undefined,
): Promise<Row[]> => {
  const backup = configuration.backup?.environments[name];
  const scratch = backup?.restore.scratch;
  if (!backup || !scratch) return [];
  const cluster = { name: scratch.cluster ?? environment.cluster.name };
  const checks = [...environmentChecks, ...scratchAccesses(backup).flatMap(accessChecks)];
  const subject = environmentSubject(at, { ...environment, cluster }, []);
  return runChecks(`scratch of ${name}`, checks, subject, obstacle);
};

/** How each capability that is on comes to the cluster of an environment. */
const listAccesses = (
  environment: string,
  configuration: Configuration,
  targets: readonly { readonly workload: { readonly namespace: string } }[],
): CapabilityAccess[] => {
  const namespaces = [...new Set(targets.map(({ workload }) => workload.namespace))];
  const subject = findSubject(listSubjects(configuration), environment);
  const backup = configuration.backup?.environments[environment];
  return [
    ...(configuration.deployment ? [deploymentAccess(namespaces)] : []),
    ...(configuration.upgrade && subject ? [upgradeAccess(subject.settings)] : []),
    ...(backup ? [...backupAccesses(backup), ...restoreAccesses(backup)] : []),
  ];
};
