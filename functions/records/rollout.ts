import * as z from 'zod';
import { Execution } from './execution.ts';

/** A confirmed image on its way to a target: what the registry said, and which execution asked. */
export const RolloutOrder = z.object({
  version: z.literal(1),
  /** Name of the `rollout` execution that carries this order. */
  name: z.string().min(1).max(80),
  target: z.string(),
  /** Registry host and repository, no tag. */
  image: z.string(),
  tag: z.string(),
  digest: z.string(),
  /** When the registry named this digest for the tag; of two orders for one tag the later one is right. */
  confirmedAt: z.iso.datetime(),
  /** A person or a CI job asked for new pods even of the image that runs. */
  redeploy: z.boolean().default(false),
  /** The `deployment` execution that decided it. */
  deployment: Execution,
});
export type RolloutOrder = z.output<typeof RolloutOrder>;

/**
 * How a rollout ended. All but `aborted` are normal endings of the machine.
 * `failed`: broken and left as it is. `superseded`: a newer order takes over. `overtaken`: a person changed the
 * image. `not-checked`: the cluster could not be seen until the deadline. `not-applied`: it could not be reached
 * at all. `refused`: a right is missing or an input is wrong. `not-wanted`:
 * decided again under the lock, the answer was no. `aborted`: the execution was stopped or died.
 */
export const RolloutOutcome = z.enum([
  'rolled-out',
  'rolled-back',
  'failed',
  'rollback-failed',
  'superseded',
  'overtaken',
  'gone',
  'not-checked',
  'not-applied',
  'refused',
  'not-wanted',
  'aborted',
]);
export type RolloutOutcome = z.output<typeof RolloutOutcome>;

/** One rollout of one target, from just before the patch to its end. */
export const Rollout = z.object({
  version: z.literal(1),
  order: RolloutOrder,
  execution: Execution,
  /** Fencing token of the lock under which it patches. */
  fence: z.int().positive(),
  /** The workload's uid: one that was deleted and made anew has another. */
  workload: z.string().optional(),
  /** What the container ran before, pinned by digest whenever that digest could be learned. */
  previousImage: z.string(),
  startedAt: z.iso.datetime(),
  patchedAt: z.iso.datetime().optional(),
  settledAt: z.iso.datetime().optional(),
  rolledBackAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  outcome: RolloutOutcome.optional(),
  reasons: z.array(z.string()).default([]),
  /** Ledger key of the container's last log lines, when a failure left any. */
  logs: z.string().optional(),
});
export type Rollout = z.output<typeof Rollout>;

export const rolloutKind = { name: 'rollout', schema: Rollout };
export const ROLLOUT_PREFIX = 'deployment/rollouts/';
/** Rollouts that have begun and not ended, so that the sweep finds what nobody finished without reading all. */
export const OPEN_ROLLOUT_PREFIX = 'deployment/open-rollouts/';
export const rolloutKey = (name: string): string => `${ROLLOUT_PREFIX}${name}.json`;
export const openRolloutKey = (name: string): string => `${OPEN_ROLLOUT_PREFIX}${name}.json`;

/** Name of the lock under which one target is changed. */
export const targetLock = (target: string): string => `deployment/${target}`;
