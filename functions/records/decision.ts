import * as z from 'zod';
import { Execution } from './execution.ts';

/** One decision about one image for one target, or the end of a rollout: an entry of the target's history. */
export const TargetEntry = z.object({
  version: z.literal(1),
  at: z.iso.datetime(),
  target: z.string(),
  image: z.string(),
  tag: z.string().optional(),
  digest: z.string().optional(),
  /** `deploy`, `queued`, `no`, `not-checked`, or a rollout's outcome. */
  outcome: z.string(),
  /** For machines: `policy`, `held`, `paused`, `owner.helm`, ... */
  code: z.string(),
  reason: z.string(),
  execution: Execution,
});
export type TargetEntry = z.output<typeof TargetEntry>;

export const targetEntryKind = { name: 'history entry', schema: TargetEntry };
export const targetHistoryPrefix = (target: string): string => `deployment/targets/${target}/history/`;
/**
 * Sorted by the start of the execution, which does not change when a step runs twice: the second write lands on
 * the same key and the first one stays.
 */
export const targetEntryKey = (entry: Pick<TargetEntry, 'target' | 'execution' | 'outcome'>): string =>
  `${targetHistoryPrefix(entry.target)}${entry.execution.startedAt}-${entry.execution.name}-${entry.outcome}.json`;

/** What became of one image event: an entry of the image's history. */
export const ImageEntry = z.object({
  version: z.literal(1),
  at: z.iso.datetime(),
  image: z.string(),
  tag: z.string().optional(),
  digest: z.string().optional(),
  source: z.string(),
  /** `confirmed`, `ignored` or `deferred`. */
  outcome: z.enum(['confirmed', 'ignored', 'deferred']),
  reason: z.string(),
  execution: Execution,
});
export type ImageEntry = z.output<typeof ImageEntry>;

export const imageEntryKind = { name: 'image history entry', schema: ImageEntry };
/** The slash of a repository path and the colon of a port stay readable: S3 keys allow both. */
export const imageHistoryPrefix = (image: string): string => `deployment/images/${image}/history/`;
export const imageEntryKey = (entry: ImageEntry): string =>
  `${imageHistoryPrefix(entry.image)}${entry.execution.startedAt}-${entry.execution.name}-${entry.outcome}.json`;
