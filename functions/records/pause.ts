import * as z from 'zod';

/** What a pause covers: everything, one capability, one environment, or one target. */
export const PauseScope = z
  .string()
  .regex(/^(all|capability\/[a-z]+|environment\/[a-z0-9-]+|target\/[a-z0-9-]+)$/, {
    error: 'write "all", "capability/<name>", "environment/<name>" or "target/<name>"',
  });

/** The stop button of one scope: who pressed it, why, and until when. */
export const Pause = z.object({
  version: z.literal(1),
  scope: PauseScope,
  paused: z.boolean(),
  by: z.string(),
  why: z.string(),
  since: z.iso.datetime(),
  /** Absent: until somebody resumes. */
  until: z.iso.datetime().optional(),
});
export type Pause = z.output<typeof Pause>;

export const pauseKind = { name: 'pause', schema: Pause };
export const pauseKey = (scope: string): string => `controls/pause/${scope}.json`;
