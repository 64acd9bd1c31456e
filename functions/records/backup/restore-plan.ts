import * as z from 'zod';
import { Execution } from '../execution.ts';
import { ARCHIVE_COMPONENTS, BUCKET_COMPONENTS } from './components.ts';
import { NativeRestore } from './native-restore.ts';
import { RestoreRequest } from './restore-request.ts';
import { SetReference } from './run.ts';

/** A restore as an ordered list of steps that a person reads, and somebody else approves, before anything happens. */

/** The steps by their names, those of the way back to the safety backup last. */
export const RestoreStep = z.enum([
  'safety-backup',
  'suspend-schedules',
  'quiesce',
  'restore-secrets',
  'restore-job',
  'analyse',
  'check',
  'open',
  'probe',
  'runners',
  'put-back-secrets',
  'put-back-job',
  'put-back-objects',
  // Those of a native set, in place of `restore-job`, and their way back.
  'restore-database',
  'swap-database',
  'restore-objects',
  'restore-repositories',
  'put-back-database',
  // Behind a drill.
  'remove-database',
]);
export type RestoreStep = z.output<typeof RestoreStep>;

/**
 * Steps that destroy, the first one that a plan has: the tool empties tables, storages and buckets before it fills them.
 * What fails before it is undone; what fails from here on waits for a person. Of a native set the database of before and
 * the versions of objects stay, so that repositories alone are destroyed; and once people write, going back would destroy
 * what they wrote.
 */
export const DESTRUCTIVE_STEPS: readonly RestoreStep[] = ['restore-job', 'restore-repositories', 'open'];

/** A GitLab that is restored into. */
export const RestoreTarget = z.object({
  kind: z.enum(['scratch', 'environment']),
  /** Of a scratch: the one whose settings it has. */
  environment: z.string(),
  cluster: z.string(),
  region: z.string(),
  namespace: z.string(),
  release: z.string(),
});
export type RestoreTarget = z.output<typeof RestoreTarget>;

/** Names what is locked and held: one GitLab, which is restored once at a time. */
export const placeOf = ({ kind, environment }: Pick<RestoreTarget, 'kind' | 'environment'>): string =>
  kind === 'scratch' ? `${environment}/scratch` : environment;

/** What a precheck says. `not-checked`: what decides is not known, and it never counts as a pass. */
export const RestorePrecheck = z.object({
  /** The same for ever; a person overrides by it. */
  code: z.string(),
  outcome: z.enum(['refuse', 'not-checked', 'warn', 'pass']),
  message: z.string(),
  /** What to do, in a sentence. */
  remedy: z.string().optional(),
  /** Does the restore not begin because of it? */
  stops: z.boolean(),
  /** Why a person lets it pass. */
  override: z.string().optional(),
});
export type RestorePrecheck = z.output<typeof RestorePrecheck>;

export const PlannedStep = z.object({
  step: RestoreStep,
  /** One sentence for a person, with the objects it is about. */
  title: z.string(),
  /** Expected; absent where nothing tells. */
  minutes: z.int().nonnegative().optional(),
});
export type PlannedStep = z.output<typeof PlannedStep>;

/** Kinds of Kubernetes that have replicas. */
export const ScalableKind = z.enum(['Deployment', 'StatefulSet']);
export type ScalableKind = z.output<typeof ScalableKind>;

export const RestorePlan = z.object({
  version: z.literal(1),
  /** Hash of everything that decides what happens; an approval is bound to it. */
  id: z.string(),
  target: RestoreTarget,
  set: SetReference,
  /** Of the set, for whoever reads the plan. */
  takenAt: z.iso.datetime(),
  gitlabVersion: z.string(),
  /** Bytes of its archive. */
  size: z.int().nonnegative().optional(),
  steps: z.array(PlannedStep).min(1),
  /** Components that the tool is told to skip: the set has none, or their bucket stays as it is. */
  skip: z.array(z.enum(ARCHIVE_COMPONENTS)),
  /** Buckets whose content the tool replaces, and in which it keeps what was there. */
  buckets: z.array(z.object({ component: z.enum(BUCKET_COMPONENTS), bucket: z.string() })),
  tmpBucket: z.string().optional(),
  /** Of a native set: what comes back from the services that keep it. Absent: all comes from an archive. */
  native: NativeRestore.optional(),
  /** What is scaled to 0, as it stood when the plan was made; the run decides by what stands there then. */
  quiesced: z.array(
    z.object({
      kind: ScalableKind,
      name: z.string(),
      replicas: z.int().nonnegative(),
      /** What it does with the database, as the end of a sentence. */
      why: z.string(),
    }),
  ),
  /** ScaledObjects of KEDA that are paused first. */
  paused: z.array(z.string()),
  /** Names of secrets that are written from the set. */
  secrets: z.array(z.object({ id: z.string(), name: z.string() })),
  checks: z.array(RestorePrecheck),
  request: RestoreRequest,
  madeAt: z.iso.datetime(),
  execution: Execution,
  /** Id of a run that was left in the middle: this one goes on with it. */
  resumes: z.string().optional(),
});
export type RestorePlan = z.output<typeof RestorePlan>;

export const restorePlanKind = { name: 'restore plan', schema: RestorePlan };
export const RESTORE_PLAN_PREFIX = 'backup/restore-plans/';
export const restorePlanKey = (execution: string): string => `${RESTORE_PLAN_PREFIX}${execution}.json`;

/** Where the approval of a restore lies. */
export const RESTORE_APPROVAL_PREFIX = 'backup/restore-approvals/';
export const restoreApprovalKey = (execution: string): string =>
  `${RESTORE_APPROVAL_PREFIX}${execution}.json`;
