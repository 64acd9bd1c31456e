import * as z from 'zod';
import { LogCursor } from '../../records/kubernetes-job.ts';
import { LogEvidence } from '../verify/log-evidence.ts';

/** The Job of one run and what its log told: the fact `job` of the run. Absent where a set needs no Job. */

export const JobLog = z.object({
  /** Behind the last line that was read. */
  cursor: LogCursor.optional(),
  /** Objects under the set's prefix of logs: `00001.log` and so on. */
  objects: z.int().nonnegative(),
  /** Of all of them. */
  characters: z.int().nonnegative(),
  /** The last line, when what follows it may say what it means. */
  lastLine: z.string().optional(),
  /** Was it read to its end? Only then does it prove that a line is not there. */
  complete: z.boolean(),
  /** Why not all of it was read, as a sentence. */
  missing: z.string().optional(),
  evidence: LogEvidence,
});
export type JobLog = z.output<typeof JobLog>;

export const JobFact = z.object({
  version: z.literal(1),
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  /** Fencing token of the lock under which it was made. */
  fence: z.int().positive(),
  createdAt: z.iso.datetime(),
  /** What the archive holds is of this moment or a later one. */
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  /** Components that the tool was told to leave out. */
  skipped: z.array(z.string()),
  /** Was Gitaly told to write the repositories into its own bucket? */
  repositoriesServerSide: z.boolean(),
  log: JobLog,
  /** Since when nobody could look at it. */
  silentSince: z.iso.datetime().optional(),
  /** Since when its log could not be read, although it has ended. */
  silentLogSince: z.iso.datetime().optional(),
  /** How it ended; `reason` is one of job/job-failure.ts. */
  end: z
    .object({
      outcome: z.enum(['succeeded', 'failed']),
      reason: z.string(),
      message: z.string(),
      remedy: z.string().optional(),
      /** Would it have gone on? Then it was deleted. */
      isLeft: z.boolean(),
    })
    .optional(),
});
export type JobFact = z.output<typeof JobFact>;

export const jobFactKind = { name: 'Job of a backup', schema: JobFact };
