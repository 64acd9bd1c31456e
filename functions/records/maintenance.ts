import * as z from 'zod';

/**
 * A cluster under maintenance: whoever raises alarms marks them as expected until `until`. It ends by itself, so that
 * a run that died mutes nothing for long; whoever works on the cluster moves the end on.
 */
export const Maintenance = z.object({
  version: z.literal(1),
  cluster: z.string(),
  /** What goes on: `upgrade to 1.36`. */
  why: z.string(),
  /** ARN of the execution that works on it. */
  owner: z.string(),
  since: z.iso.datetime(),
  until: z.iso.datetime(),
});
export type Maintenance = z.output<typeof Maintenance>;

export const maintenanceKind = { name: 'maintenance', schema: Maintenance };
export const MAINTENANCE_PREFIX = 'controls/maintenance/';
export const maintenanceKey = (cluster: string): string => `${MAINTENANCE_PREFIX}${cluster}.json`;
