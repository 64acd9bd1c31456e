import * as z from 'zod';

/** Characters: a task token of Step Functions has up to 1,024, and stands between a few options. */
export const MAX_COMMAND = 3_000;

/** A notice: what a person must know of something that ended or went wrong, before it becomes a message. */
export const Notice = z.object({
  version: z.literal(1),
  /** The same for every delivery of one notice, so that receivers can tell a repeat. */
  id: z.string().min(1).max(128),
  capability: z.enum(['deployment', 'upgrade', 'backup']),
  target: z.string().min(1),
  environment: z.string().min(1),
  outcome: z.string().min(1),
  severity: z.enum(['info', 'warning', 'critical']),
  /** One sentence: what happened, to what. */
  happened: z.string().min(1),
  /** To whom it matters. */
  matters: z.string().min(1),
  /** What Drydock did, or left alone. */
  did: z.string().min(1),
  /** The command or the step that comes next. */
  next: z.string().min(1),
  /** A command to copy whole, such as the one that approves a plan: one line, never cut. */
  command: z
    .string()
    .max(MAX_COMMAND)
    .regex(/^[\x20-\x7e]+$/)
    .optional(),
  /** Absent when no execution stands behind it. */
  execution: z.object({ name: z.string(), arn: z.string(), url: z.string() }).optional(),
  /** How to stop Drydock here. */
  stop: z.string().min(1),
  reasons: z.array(z.string()),
  at: z.iso.datetime(),
});
export type Notice = z.output<typeof Notice>;

export const noticeKind = { name: 'notice', schema: Notice };

/** Notices that were written down and not yet published: the sweep's to-do list. */
export const UNSENT_PREFIX = 'messages/unsent/';
export const unsentKey = (id: string): string => `${UNSENT_PREFIX}${id}.json`;
/** Notices that were published: a second telling finds itself here and stays silent. */
export const SENT_PREFIX = 'messages/sent/';
export const sentKey = (id: string): string => `${SENT_PREFIX}${id}.json`;
