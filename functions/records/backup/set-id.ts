import * as z from 'zod';

/**
 * Id of a backup set, and of everything that belongs to it: `backup-utility -t <id>` names its archive after it, Gitaly
 * its server-side backup. In this shape GitLab's own pruning sees the archive, and in byte order sets stand in order of
 * time. Source: GitLab chart, toolbox `backup-utility`: ten digits of seconds, a date, the version.
 */
export const BackupSetId = z
  .string()
  .regex(
    /^\d{10}_\d{4}_\d{2}_\d{2}_[0-9A-Za-z][0-9A-Za-z.+-]{0,59}$/,
    'must be the id of a backup set, such as "1763690405_2025_11_21_18.10.0-ee"',
  );
export type BackupSetId = z.output<typeof BackupSetId>;
