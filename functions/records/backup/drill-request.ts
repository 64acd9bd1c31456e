import * as z from 'zod';
import { BackupSetId } from './set-id.ts';

/** What a schedule or a person asks of the machine of drills. */
export const DrillRequest = z.strictObject({
  /** Whose backup is rehearsed; a name in drydock.yaml with `restore.drill`. There is no default. */
  environment: z
    .string({ error: 'say whose backup is rehearsed: the name of an environment in drydock.yaml' })
    .min(1),
  /** Absent: the newest verified one that brings a whole GitLab back. */
  set: BackupSetId.optional(),
  /** Only destroys what an earlier drill has left, and rehearses nothing. */
  destroy: z.boolean().default(false),
  /** By the schedule: people are told also of one that could not begin. */
  scheduled: z.boolean().default(false),
});
export type DrillRequest = z.output<typeof DrillRequest>;
