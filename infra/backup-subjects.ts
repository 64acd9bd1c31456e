import type { DrillSettings } from '../functions/records/configuration/backup-drill.ts';
import { type BackupLocation, locateBackup } from '../functions/records/configuration/backup-location.ts';
import type { BackupSettings } from '../functions/records/configuration.ts';
import type { SiteResources } from './site-resources.ts';

/** An environment of the site that is backed up. */
export interface BackupSubject {
  readonly environment: string;
  /** Name of its EKS cluster. */
  readonly cluster: string;
  readonly settings: BackupSettings;
  readonly location: BackupLocation;
}

/** Everything that a site backs up. */
export const listBackups = ({ site, configuration }: SiteResources): BackupSubject[] =>
  Object.entries(configuration.backup?.environments ?? {}).flatMap(([environment, settings]) => {
    const cluster = configuration.environments[environment]?.cluster.name;
    return cluster === undefined
      ? []
      : [{ environment, cluster, settings, location: locateBackup(environment, settings, site) }];
  });

/** The names of their clusters, each once. */
export const listBackupClusters = (backups: readonly BackupSubject[]): string[] => [
  ...new Set(backups.map(({ cluster }) => cluster)),
];

/** An environment of the site whose restore is rehearsed. */
export interface DrillSubject {
  readonly environment: string;
  /** Name of the EKS cluster of its scratch place. */
  readonly cluster: string;
  readonly drill: DrillSettings;
}

/** Everything whose restore a site rehearses. */
export const listDrills = (backups: readonly BackupSubject[]): DrillSubject[] =>
  backups.flatMap(({ environment, cluster, settings: { restore } }) =>
    restore.drill
      ? [{ environment, cluster: restore.scratch?.cluster ?? cluster, drill: restore.drill }]
      : [],
  );

/** The names of the clusters that hold their places, each once. */
export const listDrillClusters = (drills: readonly DrillSubject[]): string[] => [
  ...new Set(drills.map(({ cluster }) => cluster)),
];
