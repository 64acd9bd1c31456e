import * as z from 'zod';
import { DrillOutcome } from './drill.ts';
import { SetReference } from './run.ts';

/** When a restore was last rehearsed, as a metric and its alarm ask for it. */

/** Written by whoever looks at it each quarter of an hour; the alarm treats missing data as breaching. */
export const DRILL_METRIC = { namespace: 'Drydock/Backup', name: 'LastDrillAge' } as const;

export const drillDimensions = (environment: string): Record<string, string> => ({
  Environment: environment,
});

const EndedDrill = z.object({
  id: z.string(),
  set: SetReference,
  outcome: DrillOutcome,
  endedAt: z.iso.datetime(),
  recoverySeconds: z.int().nonnegative().optional(),
});

export const LastDrill = z.object({
  version: z.literal(1),
  environment: z.string(),
  /** Since when drills are configured: the age of the last one is counted from here while there is none. */
  since: z.iso.datetime(),
  /** Of any outcome. */
  ended: EndedDrill.optional(),
  /** Only this one counts: a drill that failed shows that a restore does not work, not that it does. */
  passed: EndedDrill.optional(),
});
export type LastDrill = z.output<typeof LastDrill>;

export const lastDrillKind = { name: 'last drill', schema: LastDrill };
export const lastDrillKey = (environment: string): string => `backup/environments/${environment}/drill.json`;
