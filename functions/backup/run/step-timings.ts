import type * as z from 'zod';
import { type BackupSet, BackupStep } from '../../records/backup/set.ts';

/** When each step of a run ended; `begin` is when its turn had come. */
export type StepEnds = Partial<Record<'begin' | z.output<typeof BackupStep>, string>>;

/** From the ends of steps, which follow each other, to what each of them took. A step that never ran has none. */
export const stepTimings = (ends: StepEnds): BackupSet['timings'] => {
  let startedAt = ends.begin;
  const timings: BackupSet['timings'] = {};
  for (const step of BackupStep.options) {
    const endedAt = ends[step];
    if (endedAt === undefined) continue;
    if (startedAt !== undefined) timings[step] = { startedAt, endedAt };
    startedAt = endedAt;
  }
  return timings;
};
