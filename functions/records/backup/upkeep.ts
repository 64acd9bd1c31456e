import * as z from 'zod';
import { Execution } from '../execution.ts';
import { SetReference } from './run.ts';
import { BackupSetState } from './set.ts';

/** One night's upkeep of one environment: what stays and goes, what is read again, and what had to be put right. */

/** What becomes of one set. `would-delete`: but for a dry run, or the first days of its policy. */
const Decision = z.object({
  set: SetReference.shape.id,
  policy: z.string(),
  action: z.enum(['keep', 'delete', 'would-delete']),
  reason: z.string(),
  /** Sets that build on it: each must be gone before it goes. */
  after: z.array(SetReference.shape.id),
  /** As the set was when this was decided: one that is another by now is left to the next plan. */
  state: BackupSetState,
  takenAt: z.iso.datetime(),
});
export type UpkeepDecision = z.output<typeof Decision>;

/** A set that is read again, and what it was before. */
const Due = z.object({
  set: SetReference,
  state: BackupSetState,
  verifiedAt: z.iso.datetime().optional(),
});

export const UpkeepPlan = z.object({
  version: z.literal(1),
  environment: z.string(),
  execution: Execution,
  plannedAt: z.iso.datetime(),
  dryRun: z.boolean(),
  /** Newest set first. */
  decisions: z.array(Decision),
  /** Those first that were read longest ago. */
  due: z.array(Due),
  /** Sets that are due as well, and for which this night has no room. */
  postponed: z.int().nonnegative(),
  /** Sets that were still noted as running although their execution had ended. */
  ended: z.array(z.object({ set: SetReference.shape.id, policy: z.string(), reason: z.string() })),
  /** Sets whose entry in the index was not what their manifest says. */
  relisted: z.array(SetReference.shape.id),
  /** What could not be read or put right, a sentence each. */
  problems: z.array(z.string()),
});
export type UpkeepPlan = z.output<typeof UpkeepPlan>;

export const upkeepPlanKind = { name: 'plan of the upkeep of backups', schema: UpkeepPlan };
/** Expires: what was deleted, and why, stands in the manifests. */
export const UPKEEP_PREFIX = 'backup/upkeep/';
export const upkeepPlanKey = (environment: string, execution: string): string =>
  `${UPKEEP_PREFIX}${environment}/${execution}.json`;

/** Of what people were told once, so that a night like the one before says nothing. */
export const UpkeepTold = z.object({
  version: z.literal(1),
  environment: z.string(),
  policies: z.record(
    z.string(),
    z.object({
      /** When it was told which sets would be deleted, but for the first days of the policy. */
      reported: z.iso.datetime().optional(),
      /** When it was told that sets of it are deleted now. */
      deleted: z.iso.datetime().optional(),
    }),
  ),
  /** Problems that were told, and are still there. */
  problems: z.array(z.string()).default([]),
});
export type UpkeepTold = z.output<typeof UpkeepTold>;

export const upkeepToldKind = { name: 'what was told of the upkeep of backups', schema: UpkeepTold };
export const upkeepToldKey = (environment: string): string =>
  `backup/environments/${environment}/upkeep-told.json`;

/** Sets that are read again in one night, over the site; what is left comes first in the next. */
export const MAX_DUE_SETS = 1_000;
/** Of those, as many as one Map takes: the longest names there are make 40 KB of payload. */
export const DUE_PAGE = 100;
export const MAX_DUE_PAGES = MAX_DUE_SETS / DUE_PAGE;

/** Calls of the deletion in one night; each deletes a set at least, or waits. What is left goes the next night. */
export const MAX_DELETION_CALLS = 500;
