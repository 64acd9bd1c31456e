import * as z from 'zod';
import { RolloutOrder } from './rollout.ts';

/** A digest that failed on this target, and is not tried again until a newer one came or a person lifts it. */
export const Hold = z.object({
  digest: z.string(),
  tag: z.string(),
  since: z.iso.datetime(),
  why: z.string(),
  rollout: z.string(),
});
export type Hold = z.output<typeof Hold>;

/** What Drydock knows of one target now. */
export const TargetState = z.object({
  version: z.literal(1),
  target: z.string(),
  /** The last image that Drydock saw healthy here. */
  running: z
    .object({
      image: z.string(),
      tag: z.string(),
      digest: z.string(),
      since: z.iso.datetime(),
      rollout: z.string(),
    })
    .optional(),
  /**
   * What Drydock's last rollout left on the workload with this uid: another image there was set by somebody else.
   * Unknown (absent) where no digest tells.
   */
  applied: z.object({ workload: z.string(), tag: z.string().optional(), digest: z.string() }).optional(),
  /** The rollout that holds the lock, from its patch to its end. */
  rolling: z.object({ rollout: z.string(), digest: z.string() }).optional(),
  /** The newest order that found the lock taken; whoever holds the lock starts it. */
  desired: RolloutOrder.optional(),
  holds: z.array(Hold).default([]),
});
export type TargetState = z.output<typeof TargetState>;

export const targetStateKind = { name: 'target state', schema: TargetState };
export const targetStateKey = (target: string): string => `deployment/targets/${target}/current.json`;
export const emptyTargetState = (target: string): TargetState => ({ version: 1, target, holds: [] });
