import * as z from 'zod';
import {
  RESTORE_PREFIX,
  type RestoreReference,
  type RestoreRun,
  RestoreWay,
} from '../../../records/backup/restore.ts';
import { RestoreStep } from '../../../records/backup/restore-plan.ts';
import type { CurrentStep } from '../run-steps.ts';

/** What whoever works on the database and the objects of a native set leaves for whoever carries the restore. */

/** The try that a fact belongs to. */
const Try = z.object({
  way: RestoreWay,
  step: RestoreStep,
  attempt: z.int().positive(),
  /** When its first look began. */
  startedAt: z.iso.datetime(),
  readAt: z.iso.datetime(),
});

/** One database and the one beside it. */
export const RestoreDatabaseFact = Try.extend({
  version: z.literal(1),
  state: z.enum(['waiting', 'done', 'failed']),
  /** What it waits for, what came of it, or why it failed. */
  message: z.string(),
  /** What stays the same of an instance under any name: of the one that was there before, and of the new one. */
  old: z.string().optional(),
  fresh: z.string().optional(),
  /** Has the new one been given what RDS takes only once it is there? */
  adjusted: z.boolean().default(false),
});
export type RestoreDatabaseFact = z.output<typeof RestoreDatabaseFact>;

/** How far the objects have gone back. */
export const RestoreVersionsFact = Try.extend({
  version: z.literal(1),
  /** Index of the bucket at hand, and the last of its keys that is done. */
  bucket: z.int().nonnegative(),
  after: z.string().optional(),
  isDone: z.boolean(),
  /** Keys that were looked at, got another version, or a delete marker. */
  keys: z.int().nonnegative(),
  copied: z.int().nonnegative(),
  marked: z.int().nonnegative(),
  failed: z.object({ count: z.int().positive(), why: z.string() }).optional(),
});
export type RestoreVersionsFact = z.output<typeof RestoreVersionsFact>;

export const restoreDatabaseKind = { name: 'database of a restore', schema: RestoreDatabaseFact };
export const restoreVersionsKind = { name: 'versions of a restore', schema: RestoreVersionsFact };

export const nativeFactKey = ({ place, id }: RestoreReference, fact: 'database' | 'versions'): string =>
  `${RESTORE_PREFIX}${place}/facts/${id}/${fact}.json`;

/** What a fact has to be of, to count. */
export const tryOf = ({
  way,
  step,
  attempt,
}: CurrentStep): Pick<z.output<typeof Try>, 'way' | 'step' | 'attempt'> => ({
  way,
  step,
  attempt,
});

/**
 * Does this fact belong to the try at hand? An undoing that failed is tried once more under the same number, when a person
 * has chosen so since.
 */
export const isOfTry = (
  fact: z.output<typeof Try> & { readonly state?: string; readonly failed?: unknown },
  { choices }: Pick<RestoreRun, 'choices'>,
  current: CurrentStep,
): boolean => {
  const { way, step, attempt } = tryOf(current);
  const hasFailed = fact.state === 'failed' || fact.failed !== undefined;
  const chosenAt = choices.at(-1)?.at;
  const isOver = hasFailed && chosenAt !== undefined && fact.readAt <= chosenAt;
  return fact.way === way && fact.step === step && fact.attempt === attempt && !isOver;
};
