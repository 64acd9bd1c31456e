import * as z from 'zod';
import { BackupKind, BackupSetState } from './set.ts';
import { BackupSetId } from './set-id.ts';

/**
 * The sets of one policy as far as rules ask for them, in one object, so that retention, freshness and the choice of a
 * set take one read a policy and no LIST.
 *
 * One index a policy, not one an environment: an hourly policy can not push the sets of a monthly one out, and two
 * policies never change the same object at once. The manifest is the truth and is written first; an index that missed
 * a change is made anew from the manifests by the sweep.
 */

export const BackupSetEntry = z.object({
  id: BackupSetId,
  policy: z.string(),
  kind: BackupKind,
  state: BackupSetState,
  skip: z.array(z.string()).default([]),
  /** The moment for which it holds; of a set that has none yet, when it began. */
  takenAt: z.iso.datetime(),
  /** When its content was last read; says nothing about its age. */
  verifiedAt: z.iso.datetime().optional(),
  size: z.int().nonnegative().optional(),
  /** From begin to end, in milliseconds. */
  duration: z.int().nonnegative().optional(),
  needs: z.array(BackupSetId).default([]),
  /** The last of the locks on its objects, its copies included. */
  lockedUntil: z.iso.datetime().optional(),
  legalHold: z.boolean().default(false),
});
export type BackupSetEntry = z.output<typeof BackupSetEntry>;

export const BackupSetIndex = z.object({
  version: z.literal(1),
  environment: z.string(),
  policy: z.string(),
  /** Since when the policy is known: before its limit has passed from here no backup is missed. */
  since: z.iso.datetime(),
  /** In order of their ids; without the deleted ones. */
  sets: z.array(BackupSetEntry),
  /** Sets that found no room, the oldest: they are kept until a person or the sweep sees to them. */
  left: z.int().nonnegative().default(0),
});
export type BackupSetIndex = z.output<typeof BackupSetIndex>;

export const backupSetIndexKind = { name: 'index of backup sets', schema: BackupSetIndex };
/** Of each environment; the part behind it is its name. */
export const BACKUP_ENVIRONMENT_PREFIX = 'backup/environments/';
/** For policies that the configuration does not name any more: asked once a day, by retention. */
export const backupPolicyPrefix = (environment: string): string =>
  `${BACKUP_ENVIRONMENT_PREFIX}${environment}/policies/`;
export const backupSetIndexKey = (environment: string, policy: string): string =>
  `${backupPolicyPrefix(environment)}${policy}/sets.json`;
