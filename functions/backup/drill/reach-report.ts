import * as z from 'zod';
import { Reach, type ReachReport } from '../../records/backup/drill-proof.ts';
import { readReportLines } from '../job/report-lines.ts';
import { REACH_MARK, ROUNDS } from './reach-script.ts';

/** Reads what the pod of the probe wrote. */

const Line = z.strictObject({
  drydock: z.literal('reach'),
  round: z.int().min(1).max(ROUNDS),
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535),
  seen: Reach,
});

/** What each attempt came to. A line that is not whole, as of a pod that was killed, says nothing. */
export const readReachReport = (log: string): ReachReport => {
  const report = new Map<string, ReachReport[number]>();
  for (const { host, port, seen } of readReportLines(log, REACH_MARK, Line)) {
    const key = `${host}:${port}`;
    report.set(key, { host, port, seen: [...(report.get(key)?.seen ?? []), seen] });
  }
  return [...report.values()];
};
