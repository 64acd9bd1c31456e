import * as z from 'zod';

/**
 * What goes wrong with a run of the toolbox, chosen by a test or the tour. Each of the first group is a silent failure:
 * the tool says that it has done its work, and ends with 0.
 */
export const ToolboxTroubles = z.strictObject({
  /** The tool finds these buckets not, says so in a line, and goes on. gitlab-charts; terraform-google-gke-gitlab#7. */
  skippedBuckets: z.array(z.string()).default([]),
  /** pg_dump breaks off, and the exit code of its pipe is that of gzip. gitlab#411497, #501393. */
  failedDump: z.boolean().default(false),
  /** The bundle of one repository is not made, and a line of JSON says so. gitlab#23633. */
  failedRepository: z.boolean().default(false),
  /** Only so much of the archive arrives, as a share of it. gitlab#373893. */
  uploadedShare: z.number().min(0).max(1).default(1),
  /** The archive ends with its last member, without the zero blocks behind it. */
  withoutEnd: z.boolean().default(false),
  /** What `backup_information.yml` calls the version of GitLab. */
  otherVersion: z.string().optional(),

  /** What is done to the pod when a line of its log holds `atLine`. */
  end: z
    .strictObject({
      kind: z.enum(['evicted', 'out-of-memory', 'killed', 'unpullable']),
      atLine: z.string().default('Dumping uploads'),
    })
    .optional(),
  /** The tool stands still behind a step, for ever. */
  hangsAt: z.string().optional(),
  /** The tool fails at a step, and says so by its exit code. */
  failsAt: z.string().optional(),
  /** Milliseconds that it waits before each step. */
  slowMs: z.number().nonnegative().default(0),
  /** Milliseconds by which the clock of its node is ahead: the times of pods and of lines of their logs. */
  clockAheadMs: z.int().default(0),
});
export type ToolboxTroubles = z.output<typeof ToolboxTroubles>;
