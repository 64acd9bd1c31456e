import type { DrillRun } from '../../records/backup/drill.ts';
import type { DrillInspection } from '../../records/backup/drill-inspection.ts';
import { findDrillStep } from './drill-steps.ts';

/**
 * Names one look of a drill at Helm releases: whoever reads them writes down for which look it did, so that what was
 * seen for an earlier step, an earlier try or an earlier execution is never taken for fresh. No clock has a part in it.
 */
export const nameLook = (run: Pick<DrillRun, 'way' | 'steps' | 'execution'>): string => {
  const { step, failures, startedAt } = findDrillStep(run) ?? {};
  return [run.execution.name, step ?? 'none', failures ?? 0, startedAt ?? 'never'].join('/');
};

/** A look holds for so long: a release may be upgraded to other buckets at any time. */
export const LOOK_HOLDS_MS = 30 * 60_000;

/** Was it read for the look at hand, and not so long ago that a pause may lie in between? */
export const isFresh = (
  inspection: Pick<DrillInspection, 'look' | 'readAt'> | undefined,
  run: DrillRun,
  now: Date,
): boolean =>
  inspection?.look === nameLook(run) && now.getTime() - Date.parse(inspection.readAt) <= LOOK_HOLDS_MS;
