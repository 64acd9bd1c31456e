import * as z from 'zod';
import { Reach, type ReachReport } from '../../records/backup/drill-proof.ts';
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
  for (const text of log.split('\n')) {
    if (!text.startsWith(REACH_MARK)) continue;
    const line = Line.safeParse(parseJson(text));
    if (!line.success) continue;
    const { host, port, seen } = line.data;
    const key = `${host}:${port}`;
    report.set(key, { host, port, seen: [...(report.get(key)?.seen ?? []), seen] });
  }
  return [...report.values()];
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
