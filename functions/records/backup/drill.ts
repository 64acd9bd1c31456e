import * as z from 'zod';
import { Execution } from '../execution.ts';
import { PlaceIdentity } from './drill-place.ts';
import { DrillProof, ReachReport } from './drill-proof.ts';
import { RestoreFinding, RestoreOutcome } from './restore.ts';
import { RestoreTarget, ScalableKind } from './restore-plan.ts';
import { SetReference } from './run.ts';

/** One rehearsal of a restore, in a place that nobody works with, from its beginning until nothing is left of it. */

/** Names a drill; each step of its machine takes it. */
export const DrillReference = z.object({
  environment: z.string().min(1),
  /** Name of the execution that began it. */
  id: z.string().min(1).max(80),
});
export type DrillReference = z.output<typeof DrillReference>;

/** The steps of the rehearsal, and those by which everything is destroyed behind it, whatever it came to. */
export const DrillStep = z.enum([
  'look-apart',
  'probe-open',
  'close-network',
  'probe-closed',
  'wake',
  'restore',
  'check',
  'look-again',
  'empty',
  'sleep',
  'give-back',
  'remove',
]);
export type DrillStep = z.output<typeof DrillStep>;

export const DrillStepState = z.object({
  step: DrillStep,
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  /** Failures so far. */
  failures: z.int().nonnegative(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  /** What it waits for, what came of it, or why it failed. */
  message: z.string(),
});
export type DrillStepState = z.output<typeof DrillStepState>;

/** An object that the drill makes; written down before it is made. */
export const MadeObject = z.object({
  kind: z.enum(['NetworkPolicy', 'Job']),
  namespace: z.string(),
  name: z.string(),
  notedAt: z.iso.datetime(),
  /** Known once it was made. */
  uid: z.string().optional(),
  removedAt: z.iso.datetime().optional(),
});
export type MadeObject = z.output<typeof MadeObject>;

/** A workload of the place that the drill scales up; written down before, always from 0. */
export const WokenWorkload = z.object({
  kind: ScalableKind,
  name: z.string(),
  uid: z.string(),
  replicas: z.int().positive(),
  notedAt: z.iso.datetime(),
  asleepAt: z.iso.datetime().optional(),
});
export type WokenWorkload = z.output<typeof WokenWorkload>;

/**
 * `passed`: restored, checked, and nothing is left. `failed`: it was not, and nothing is left. `refused`: the place is
 * not fit for it, and nothing was done there. `not-destroyed`: something is left, whatever else came of it.
 */
export const DrillOutcome = z.enum(['passed', 'failed', 'refused', 'not-destroyed']);
export type DrillOutcome = z.output<typeof DrillOutcome>;

export const DrillRun = z.object({
  version: z.literal(1),
  /** Name of the execution that began it. */
  id: z.string().min(1).max(80),
  execution: Execution,
  environment: z.string(),
  set: SetReference,
  target: RestoreTarget,
  /** As the place was when the drill began; what is emptied at its end must be this very one. */
  place: PlaceIdentity.optional(),
  way: z.enum(['rehearse', 'destroy']),
  state: z.enum(['under-way', 'ended']),
  steps: z.array(DrillStepState),
  made: z.array(MadeObject),
  woken: z.array(WokenWorkload),
  /** What could be reached before the network was closed. */
  before: ReachReport.optional(),
  proof: DrillProof.optional(),
  /** Since when backup data may lie in the place: written down right before the restore was begun. */
  filledAt: z.iso.datetime().optional(),
  emptiedAt: z.iso.datetime().optional(),
  restore: z
    .object({
      /** ARN of the execution of `restore`; written down before it is started. */
      execution: z.string(),
      outcome: RestoreOutcome.optional(),
      recoverySeconds: z.int().nonnegative().optional(),
    })
    .optional(),
  /** ARN of the execution of `restore` by which the place gets its own back; written down before it is started. */
  givesBack: z.object({ execution: z.string() }).optional(),
  findings: z.array(RestoreFinding.omit({ step: true })),
  failure: z.object({ step: DrillStep, at: z.iso.datetime(), reasons: z.array(z.string()) }).optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  outcome: DrillOutcome.optional(),
  /** What is left, a sentence each. */
  left: z.array(z.string()),
});
export type DrillRun = z.output<typeof DrillRun>;

export const drillRunKind = { name: 'drill of a restore', schema: DrillRun };
export const DRILL_PREFIX = 'backup/drills/';
/** The drill that goes on, or the last one: a later one destroys first what an earlier one left. */
export const drillRunKey = (environment: string): string => `${DRILL_PREFIX}${environment}/run.json`;
/** Where a drill that has ended stays. */
export const drillHistoryKey = (environment: string, id: string): string =>
  `${DRILL_PREFIX}${environment}/history/${id}.json`;

/** Name of the lock of a place; beside that of its restore, which the restore takes for itself. */
export const drillLock = (environment: string): string => `drill/${environment}`;
