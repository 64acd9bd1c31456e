import * as z from 'zod';

/** How old the last verified backup was when it was last looked at, so that people hear of changes only. */

/**
 * `ok`: young enough. `late`: older than allowed. `never`: there is none. `unknown`: could not be told, which is never
 * green.
 */
const FreshnessState = z.enum(['ok', 'late', 'never', 'unknown']);
type FreshnessState = z.output<typeof FreshnessState>;

export const Freshness = z.object({
  /** Absent: the environment as a whole. */
  policy: z.string().optional(),
  state: FreshnessState,
  /** Whether a person must know: not of a `never` whose first backup is not due yet. */
  alarming: z.boolean(),
  /** Since when the state holds, by what was seen. */
  since: z.iso.datetime(),
  /** The last verified set, or the recovery point that a person named. */
  set: z.string().optional(),
  takenAt: z.iso.datetime().optional(),
  limitHours: z.number().positive(),
  /**
   * Seconds since the last verified backup was taken, or, where there is none, since it is watched: the value of the
   * metric. Absent where nothing can be told; the alarm treats missing data as breaching.
   */
  ageSeconds: z.int().nonnegative().optional(),
  text: z.string(),
});
export type Freshness = z.output<typeof Freshness>;

export const FreshnessRecord = z.object({
  version: z.literal(1),
  environment: z.string(),
  judgedAt: z.iso.datetime(),
  judged: z.array(Freshness),
});
export type FreshnessRecord = z.output<typeof FreshnessRecord>;

export const freshnessKind = { name: 'freshness of backups', schema: FreshnessRecord };
export const freshnessKey = (environment: string): string =>
  `backup/environments/${environment}/freshness.json`;
