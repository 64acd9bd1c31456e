import type { UpgradePlan } from '../../records/upgrade/plan.ts';

/**
 * Minutes after which a mark of maintenance ends by itself. Looks are at most five minutes apart while anything is
 * under way, so that a mark lives through retries and a run that died mutes nothing for long.
 */
export const MAINTENANCE_MINUTES = 30;

/** What goes on there, for whoever wonders about an alarm: `upgrade to 1.36`. */
export const maintenanceWhy = ({ direction, to }: Pick<UpgradePlan, 'direction' | 'to'>): string =>
  direction === 'rollback' ? `way back to ${to}` : `upgrade to ${to}`;
