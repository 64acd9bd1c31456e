import * as z from 'zod';

/** The parts of a backup, by the names that GitLab's tools skip them by. */

/**
 * What lies in buckets: one `<name>.tar.gz` each in the archive. Source: `object_storage_backends` of
 * `backup-utility` in the toolbox image, GitLab 15.8 and later.
 */
export const OBJECT_PARTS = [
  'registry',
  'uploads',
  'artifacts',
  'lfs',
  'packages',
  'external_diffs',
  'terraform_state',
  'pages',
  'ci_secure_files',
] as const;

/** Everything that can be skipped, and so everything that must be there when it was not. */
export const Part = z.enum(['db', 'repositories', ...OBJECT_PARTS]);
export type Part = z.output<typeof Part>;
export type ObjectPart = (typeof OBJECT_PARTS)[number];

export const PARTS: readonly Part[] = Part.options;

/** What else stands in `:skipped` or lies in an archive, and says nothing about what a chart's GitLab has. */
const OTHER_NAMES = new Set([
  // CI logs of a Linux package. The toolbox never writes them and so lists them as skipped, in every archive.
  'builds',
  // Operations of `gitlab-backup`, not parts: "do not pack", "do not upload".
  'tar',
  'remote',
]);

export const isPart = (name: string): name is Part => Part.safeParse(name).success;
export const isObjectPart = (name: string): name is ObjectPart =>
  isPart(name) && name !== 'db' && name !== 'repositories';

/** Is it a name of GitLab's, though of no part? */
export const isOtherName = (name: string): boolean => OTHER_NAMES.has(name);

const ARCHIVE = '.tar.gz';
export const INFORMATION_FILE = 'backup_information.yml';

/** The file or folder of the archive that holds a part: `uploads.tar.gz`, `db`. */
export const nameOfPart = (part: Part): string => (isObjectPart(part) ? `${part}${ARCHIVE}` : part);

/** The part that a first name of the archive stands for: `uploads` of `uploads.tar.gz`; undefined for another. */
export const partOfName = (name: string): Part | undefined => {
  const part = name.endsWith(ARCHIVE) ? name.slice(0, -ARCHIVE.length) : name;
  return isPart(part) && nameOfPart(part) === name ? part : undefined;
};

/** Does GitLab write this first name into an archive? */
export const isKnownName = (name: string): boolean =>
  name === '' || name === INFORMATION_FILE || partOfName(name) !== undefined || name === `builds${ARCHIVE}`;
