import * as z from 'zod';
import { ArchiveObject, BackupInformation } from '../../records/backup/verification.ts';
import { ArchiveEnd } from '../archive/archive-end.ts';
import { Contents } from './contents.ts';
import { InnerEvidence } from './inner-evidence.ts';
import { LogEvidence } from './log-evidence.ts';

/** Everything that was seen of an archive. What is left out was not looked at. */

/** Why the object could not be read, or not to its end. */
export const Obstacle = z.object({
  kind: z.enum(['absent', 'forbidden', 'archived', 'changed', 'refused', 'unanswered']),
  message: z.string(),
  /** The right that is missing, when that is all. */
  permission: z.string().optional(),
});
export type Obstacle = z.output<typeof Obstacle>;

export const InformationEvidence = z.discriminatedUnion('state', [
  z.object({ state: z.literal('read'), information: BackupInformation }),
  z.object({ state: z.literal('unreadable'), mistake: z.string() }),
  z.object({ state: z.literal('too-large'), size: z.int() }),
]);
export type InformationEvidence = z.output<typeof InformationEvidence>;

export const Evidence = z.object({
  object: ArchiveObject.optional(),
  obstacle: Obstacle.optional(),
  /** What lies under its name once it was read; left out where nobody looked again, and where there are no versions. */
  current: z.enum(['same', 'replaced', 'deleted']).optional(),
  /** How the chain of headers ended. */
  end: ArchiveEnd.optional(),
  /** Up to that end. */
  contents: Contents.optional(),
  information: InformationEvidence.optional(),
  inner: z.array(InnerEvidence).default([]),
  /** Manifests under this backup's id in Gitaly's own bucket, of projects. */
  serverSideProjects: z.int().nonnegative().optional(),
  /** None for an archive whose log is not kept. */
  log: LogEvidence.optional(),
});
export type Evidence = z.output<typeof Evidence>;
