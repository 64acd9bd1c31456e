import type { DrillRun } from '../../../records/backup/drill.ts';
import { findDrillStep } from '../drill-steps.ts';

/**
 * Names one look of a drill at Helm releases: whoever reads them writes down for which look it did, so that what was
 * seen for an earlier step, an earlier try or an earlier execution is never taken for fresh. No clock has a part in it.
 */
export const nameLook = (run: Pick<DrillRun, 'way' | 'steps' | 'execution'>): string => {
  const { step, failures, startedAt } = findDrillStep(run) ?? {};
  return [run.execution.name, step ?? 'none', failures ?? 0, startedAt ?? 'never'].join('/');
};
