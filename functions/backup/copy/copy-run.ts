import * as z from 'zod';
import type { BackupCopy } from '../../records/backup/set-parts.ts';
import { ArchiveObject } from '../../records/backup/verification.ts';
import { CopyPlan } from './copy-plan.ts';

/**
 * How far a copy came: the fact `copy` of its run. Which parts are there S3 itself tells, so this stays small whatever the
 * size of the archive, and a Lambda that dies loses the parts that were under way.
 */
export const CopyRun = z.object({
  version: z.literal(1),
  startedAt: z.iso.datetime(),
  /** The version that is copied; of another one the parts are worth nothing. */
  source: ArchiveObject,
  plan: CopyPlan,
  /** Of a copy in parts, once S3 has given it. */
  uploadId: z.string().optional(),
});
export type CopyRun = z.output<typeof CopyRun>;

export const copyRunKind = { name: 'progress of a copy', schema: CopyRun };

/** Is a copy under way the one that is wanted now? */
export const isSameSource = (run: CopyRun, source: ArchiveObject): boolean =>
  run.source.bucket === source.bucket &&
  run.source.key === source.key &&
  run.source.versionId === source.versionId &&
  run.source.etag === source.etag;

/** Puts a copy into the list of a set, in place of the one that was to the same bucket. */
export const noteCopy = (copies: readonly BackupCopy[], copy: BackupCopy): BackupCopy[] => {
  const isOther = ({ region, bucket }: BackupCopy): boolean =>
    region !== copy.region || bucket !== copy.bucket;
  return [...copies.filter(isOther), copy];
};
