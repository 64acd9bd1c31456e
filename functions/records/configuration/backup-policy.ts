import * as z from 'zod';
import { ARCHIVE_COMPONENTS, BUCKET_COMPONENTS } from '../backup/components.ts';
import { ScheduleText, TimeZone } from './schedule-setting.ts';
import { gapsOf } from './schedule-times.ts';

/** One policy of the backup capability: when, what of it, and for how long. */

/** Clocks go forward once a year, and a run waits for its lock. */
const FRESHNESS_MARGIN_MINUTES = 60;

const isIn = (names: readonly string[], name: string): boolean => names.includes(name);

const count = (most: number, fallback: number, description: string) =>
  z.int().min(0).max(most).default(fallback).meta({ description });

const Retention = z
  .strictObject({
    days: z
      .int()
      .min(1)
      .max(3650)
      .default(30)
      .meta({ description: 'Every verified set is kept this many days.' }),
    count: z
      .int()
      .min(1)
      .max(1000)
      .default(7)
      .meta({ description: 'As many verified sets are kept, however old. The last one is never deleted.' }),
    gfs: z
      .strictObject({
        daily: count(366, 0, 'The last set of so many days is kept.'),
        weekly: count(520, 0, 'The last set of so many weeks is kept.'),
        monthly: count(240, 0, 'The last set of so many months is kept.'),
      })
      .prefault({})
      .meta({ description: 'Grandfather, father, son: sets that are kept beyond their days.' }),
    reportOnlyDays: z
      .int()
      .min(0)
      .max(365)
      .default(30)
      .meta({ description: 'So long after the first deploy it is only reported what would be deleted.' }),
  })
  .prefault({})
  .meta({ description: 'How long sets are kept. Only verified sets count.' });

/**
 * Storage classes whose objects can be read at once: a set is verified again on a schedule. Archives of S3 Glacier are
 * no place for that; a lifecycle rule of the bucket may move older sets there.
 */
const STORAGE_CLASSES = ['STANDARD', 'STANDARD_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR'] as const;

export const BackupPolicy = z
  .strictObject({
    schedule: ScheduleText,
    timeZone: TimeZone,
    kind: z.enum(['tar', 'native']).default('tar').meta({
      description:
        "tar: the archive of GitLab's own tool. native: recovery points of RDS, versions of buckets and server-side backups of Gitaly, for databases over 100 GB or repositories over 400 GB.",
    }),
    skip: z
      .array(z.enum(ARCHIVE_COMPONENTS))
      .refine((names) => new Set(names).size === names.length, 'names a component twice')
      .refine((names) => names.length < ARCHIVE_COMPONENTS.length, 'leaves nothing to back up')
      .default([])
      .meta({
        description: 'What is left out on purpose; anything else that is missing fails the verification.',
      }),
    versions: z
      .array(z.enum(BUCKET_COMPONENTS))
      .refine((names) => new Set(names).size === names.length, 'names a component twice')
      .default(['registry', 'artifacts'])
      .meta({
        description:
          'What an archive leaves to the versions of its bucket and their replica; a set without proof of versions is incomplete, and one without a replica says so.',
      }),
    storageClass: z.enum(STORAGE_CLASSES).default('STANDARD').meta({
      description: 'Storage class of the archive; one that can be read at once, to verify it again.',
    }),
    acceptUnreadDumps: z.boolean().default(false).meta({
      description:
        'A dump that is too large to be read to its end does not keep a set from being verified. Only for who restores such sets as a drill: nothing else tells then whether the dump is whole.',
    }),
    freshnessHours: z
      .int()
      .min(1)
      .max(24 * 400)
      .default(26)
      .meta({ description: 'An alarm tells when no verified set of this policy is younger.' }),
    retention: Retention,
  })
  .superRefine(({ kind, skip, versions }, context) => {
    const left = ARCHIVE_COMPONENTS.filter((name) => !isIn(skip, name) && !isIn(versions, name));
    if (kind === 'native' || left.length > 0 || skip.length === ARCHIVE_COMPONENTS.length) return;
    const message = 'leaves nothing for the archive, together with skip';
    context.addIssue({ code: 'custom', path: ['versions'], message });
  })
  .superRefine(({ schedule, freshnessHours }, context) => {
    const longest = gapsOf(schedule)?.longest;
    if (longest === undefined || freshnessHours * 60 >= longest + FRESHNESS_MARGIN_MINUTES) return;
    const needed = Math.ceil((longest + FRESHNESS_MARGIN_MINUTES) / 60);
    const message = `would tell an alarm before the next run is due: up to ${Math.ceil(longest / 60)} hours lie between two runs; allowed: ${needed} or more`;
    context.addIssue({ code: 'custom', path: ['freshnessHours'], message });
  })
  .transform((policy) => ({
    ...policy,
    versions: policy.versions.filter((name) => !isIn(policy.skip, name)),
  }))
  .meta({ description: 'A policy under a name of your own, such as "daily".' });
export type BackupPolicy = z.output<typeof BackupPolicy>;
