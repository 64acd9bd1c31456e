import * as z from 'zod';
import { Backup } from './configuration/backup.ts';
import { Deployment } from './configuration/deployment.ts';
import { Environment } from './configuration/environment.ts';
import { findReferenceProblems } from './configuration/references.ts';
import { Registry } from './configuration/registry.ts';
import { Name } from './configuration/scalars.ts';
import { Site } from './configuration/site.ts';
import { Source } from './configuration/source.ts';
import { Upgrade } from './configuration/upgrade.ts';

export type { Backup, BackupSettings } from './configuration/backup.ts';
export type { BackupPolicy } from './configuration/backup-policy.ts';
export type { Deployment, Target } from './configuration/deployment.ts';
export type { Registry } from './configuration/registry.ts';
export type { Site } from './configuration/site.ts';
export type { Upgrade } from './configuration/upgrade.ts';
export type { Watch } from './configuration/watch.ts';

/** `drydock.yaml`: what Drydock keeps, where, and what it may do. A capability without a section is off. */

const Sections = z.strictObject({
  version: z.literal(1).meta({ description: 'Version of this format.' }),
  sites: z
    .record(Name, Site)
    .refine((sites) => Object.keys(sites).length > 0, { error: 'needs at least one site' })
    .meta({ description: 'Accounts, regions and networks, under names of your own.' }),
  environments: z
    .record(Name, Environment)
    .default({})
    .meta({ description: 'Clusters under names of your own.' }),
  registries: z
    .record(Name, Registry)
    .default({})
    .meta({ description: 'Registries from which workloads take images.' }),
  sources: z.record(Name, Source).default({}).meta({ description: 'Who may post events.' }),
  deployment: Deployment.optional(),
  upgrade: Upgrade.optional(),
  backup: Backup.optional(),
});
type Sections = z.output<typeof Sections>;

/** What a single site is called is plain from `sites`; references were checked before. */
const fillSites = (sections: Sections) => {
  const [only = ''] = Object.keys(sections.sites);
  const fill = <Member extends { site?: string | undefined }>(members: Record<string, Member>) =>
    Object.fromEntries(
      Object.entries(members).map(([name, member]) => [name, { ...member, site: member.site ?? only }]),
    );
  return { ...sections, environments: fill(sections.environments), sources: fill(sections.sources) };
};

/**
 * The whole file, its references checked and its defaults filled. What comes out is plain JSON and goes in again
 * unchanged: the file travels to the Lambdas as the JSON of this.
 */
export const Configuration = Sections.superRefine((sections, context) => {
  for (const { path, message, written, known } of findReferenceProblems(sections)) {
    context.addIssue({ code: 'custom', path: [...path], message, params: { written, known } });
  }
}).transform(fillSites);

export type Configuration = z.output<typeof Configuration>;
export type Environment = Configuration['environments'][string];
export type Source = Configuration['sources'][string];
