import * as z from 'zod';
import { Execution } from '../execution.ts';
import { LogCursor } from '../kubernetes-job.ts';
import { RestoreChoice } from './restore-choice.ts';
import { RestorePlan, RestoreStep } from './restore-plan.ts';
import { TouchedObject } from './restore-touched.ts';
import { SetReference } from './run.ts';

/** One restore of one GitLab, from its first execution to its end, whoever carries it. */

/** Names a run; each step of the machine takes it. */
export const RestoreReference = z.object({
  /** The GitLab that is restored into, of `placeOf`. */
  place: z.string().min(1),
  /** Id of the run: name of the execution that began it. */
  id: z.string().min(1).max(80),
});
export type RestoreReference = z.output<typeof RestoreReference>;

/**
 * Where a run is going. `undo`: back, step by step. `open`: up with what stands there. `give-back`: behind its end, of a
 * drill alone: the place gets back what is its own, and what was made for the backup is deleted.
 */
export const RestoreWay = z.enum(['restore', 'undo', 'put-back', 'open', 'give-back']);
export type RestoreWay = z.output<typeof RestoreWay>;

export const RestoreStepState = z.object({
  /** The way it belongs to; steps of the way `restore` are the ones that are undone. */
  way: RestoreWay.exclude(['undo']),
  step: RestoreStep,
  state: z.enum(['waiting', 'running', 'done', 'failed', 'undone']),
  /** 1 for the first; a Job of a later attempt has another name. */
  attempt: z.int().positive(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  /** Seconds of all attempts that have ended. */
  seconds: z.int().nonnegative(),
  /** What it waits for, what came of it, or why it failed. */
  message: z.string(),
});
export type RestoreStepState = z.output<typeof RestoreStepState>;

/** A Job that was made for a step. */
export const RestoreJobNote = z.object({
  way: RestoreWay,
  step: RestoreStep,
  attempt: z.int().positive(),
  namespace: z.string(),
  name: z.string(),
  uid: z.string().optional(),
  notedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  /** `succeeded`, or why it failed. */
  end: z.string().optional(),
  /** How far its log was read, and in how many pieces it lies in the ledger. */
  cursor: LogCursor.optional(),
  pieces: z.int().nonnegative(),
});
export type RestoreJobNote = z.output<typeof RestoreJobNote>;

/** What a check after the restore found. `not-checked` never shows green. */
export const RestoreFinding = z.object({
  step: RestoreStep,
  /** `gitlab-check`, `doctor-secrets`, `sign-in`, `clone`, `runners`, ... */
  check: z.string(),
  result: z.enum(['pass', 'fail', 'warn', 'not-checked']),
  message: z.string(),
});
export type RestoreFinding = z.output<typeof RestoreFinding>;

/**
 * How a run ended. `restored-unwell`: it is open, and a look from outside was not content. `undone`: nothing was
 * destroyed, and all is as it was. `undone-in-part`: the same, but for objects that somebody else has changed.
 * `abandoned`: a scratch that was left in the middle, closed, and with whatever data were in it by then. `given-back`:
 * that of a drill, whose place has its own database and Secrets again.
 */
export const RestoreOutcome = z.enum([
  'planned',
  'refused',
  'not-approved',
  'restored',
  'restored-unwell',
  'undone',
  'undone-in-part',
  'put-back',
  'opened-anyway',
  'abandoned',
  'given-back',
]);
export type RestoreOutcome = z.output<typeof RestoreOutcome>;

export const RestoreRun = z.object({
  version: z.literal(1),
  /** Name of the execution that began it. */
  id: z.string(),
  plan: RestorePlan,
  /** The execution that carries it now, and those that did before. */
  execution: Execution,
  earlier: z.array(z.string()),
  startedBy: z.string(),
  approvedBy: z.string().optional(),
  /** Token of the lock of the execution that carries it. */
  fence: z.int().positive().optional(),
  way: RestoreWay,
  /** `held`: web and Sidekiq are at 0, and a person has to choose. */
  state: z.enum(['under-way', 'held', 'ended']),
  steps: z.array(RestoreStepState),
  touched: z.array(TouchedObject),
  jobs: z.array(RestoreJobNote),
  /** The backup of what stood there before. */
  safetySet: SetReference.optional(),
  /** When the first destructive step was written down, right before it was begun. */
  destructiveAt: z.iso.datetime().optional(),
  /** The last failure: why it is held, or was undone. */
  failure: z
    .object({ way: RestoreWay, step: RestoreStep, at: z.iso.datetime(), reasons: z.array(z.string()) })
    .optional(),
  choices: z.array(RestoreChoice),
  findings: z.array(RestoreFinding),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  outcome: RestoreOutcome.optional(),
  reasons: z.array(z.string()),
});
export type RestoreRun = z.output<typeof RestoreRun>;

/** What one look at a run comes to, for the machine. */
export const RestoreLook = z.object({
  /** `under-way`: look again after `waitSeconds`. `ask`: a person has to choose. `ended`: see the run. */
  outcome: z.enum(['under-way', 'ask', 'ended']),
  waitSeconds: z.int().min(1).max(900),
  /** What it does or waits for, for a person who looks at the execution. */
  message: z.string(),
});
export type RestoreLook = z.output<typeof RestoreLook>;

export const restoreRunKind = { name: 'restore', schema: RestoreRun };
export const RESTORE_PREFIX = 'backup/restores/';
/** The run that is open at a place, or the last one: whoever comes next finds it, and goes on with it. */
export const restoreRunKey = (place: string): string => `${RESTORE_PREFIX}${place}/run.json`;
/** Where a run that has ended stays. */
export const restoreHistoryKey = (place: string, id: string): string =>
  `${RESTORE_PREFIX}${place}/history/${id}.json`;
/** Logs of its Jobs; they expire like those of a backup, and stand in no message. */
export const restoreLogKey = (place: string, id: string, job: string, piece: number): string =>
  `backup/logs/restores/${place}/${id}/${job}/${String(piece).padStart(5, '0')}.log`;

/**
 * Name of the lock under which a GitLab is restored. It is not that of its backups, which the safety backup takes for
 * itself; a restore into an environment takes that one as well, when the safety backup is done.
 */
export const restoreLock = (place: string): string => `restore/${place}`;
