import type { Ledger } from '../../clients/ledger.ts';
import type { MetricValue } from '../../clients/metrics.ts';
import {
  DRILL_METRIC,
  drillDimensions,
  lastDrillKey,
  lastDrillKind,
} from '../../records/backup/last-drill.ts';
import type { BackupSettings } from '../../records/configuration.ts';
import { ageOfLastDrill } from '../drill/drill-life.ts';

/** How long ago a restore was last rehearsed to a good end, as the metric that an alarm watches. */

/**
 * Measures it for one environment. Where no drill was noted yet it is noted that drills are awaited from now on, so that
 * a schedule that never ran is missed as well.
 *
 * @returns nothing of an environment without `restore.drill`: no alarm asks for it.
 * @throws DefectError `ledger.unreadable`, TransientError while the ledger does not answer: the alarm goes by the value
 * that is missing.
 */
export const measureDrillAge = async (
  environment: string,
  { restore }: Pick<BackupSettings, 'restore'>,
  ledger: Pick<Ledger, 'read' | 'claim'>,
  now: Date,
): Promise<MetricValue[]> => {
  if (!restore.drill) return [];
  const key = lastDrillKey(environment);
  const begun = { version: 1 as const, environment, since: now.toISOString() };
  const stored = await ledger.read(lastDrillKind, key);
  if (!stored) await ledger.claim(lastDrillKind, key, begun);
  // The first one may have ended in between.
  const last = stored?.value ?? (await ledger.read(lastDrillKind, key))?.value ?? begun;
  return [
    {
      name: DRILL_METRIC.name,
      dimensions: drillDimensions(environment),
      value: ageOfLastDrill(last, now),
      unit: 'Seconds',
    },
  ];
};
