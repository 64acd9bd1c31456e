import * as z from 'zod';
import { ArchiveObject } from '../../records/backup/verification.ts';
import { ArchiveEnd } from '../archive/archive-end.ts';
import { WalkReads, walkStateOf } from '../archive/walk-state.ts';
import { Contents } from './contents.ts';
import { InnerEvidence } from './inner-evidence.ts';

/** How far a verification came, so that another process goes on: bounded, whatever the archive holds. */

/** The chain of headers, to its end. */
const Walked = z.object({ end: ArchiveEnd, contents: Contents });
type Walked = z.output<typeof Walked>;

export const VerifyCheckpoint = z.object({
  version: z.literal(1),
  /** The version of the object that is read; another one would be another archive. */
  object: ArchiveObject,
  startedAt: z.iso.datetime(),
  /** Of all processes before. */
  reads: WalkReads,
  /** While the headers are read. */
  walk: walkStateOf(Contents).optional(),
  /** Once they are. */
  walked: Walked.optional(),
  /** Files that were looked into. */
  inner: z.array(InnerEvidence),
  /** The dump for which the time did not last; it gets one whole run for itself. */
  interrupted: z.string().optional(),
});
export type VerifyCheckpoint = z.output<typeof VerifyCheckpoint>;
