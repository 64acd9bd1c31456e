import * as z from 'zod';
import { ARCHIVE_COMPONENTS } from '../../records/backup/components.ts';

/** The parts of a backup, by the names that GitLab's tools skip them by. */

/** Everything that can be skipped, and so everything that must be there when it was not. */
export const Part = z.enum(ARCHIVE_COMPONENTS);
export type Part = z.output<typeof Part>;

/** What lies in buckets: one `<name>.tar.gz` each in the archive. */
const ObjectPart = Part.exclude(['db', 'repositories']);
type ObjectPart = z.output<typeof ObjectPart>;
export const OBJECT_PARTS: readonly ObjectPart[] = ObjectPart.options;

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
