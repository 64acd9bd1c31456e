import * as z from 'zod';

/** An authenticated request, or a part of one, that Drydock could not read: kept for a person, less its secrets. */
export const UnreadableWebhook = z.object({
  version: z.literal(1),
  kind: z.literal('unreadable'),
  /** Hash of source and body: a sender that repeats itself leaves one record. */
  id: z.string().min(1).max(80),
  source: z.string().min(1),
  receivedAt: z.iso.datetime(),
  /** What could not be read, and what to do. */
  reasons: z.array(z.string()).min(1),
  contentType: z.string().max(200).optional(),
  /** Bytes that came in. */
  bytes: z.int().nonnegative(),
  /** What came in as text, secrets removed, cut to what a message carries. */
  body: z.string(),
  isCut: z.boolean(),
});
export type UnreadableWebhook = z.output<typeof UnreadableWebhook>;

export const unreadableWebhookKind = { name: 'unreadable webhook', schema: UnreadableWebhook };
export const UNREADABLE_PREFIX = 'deployment/unreadable/';
/** By the hash alone: the second delivery of the same body lands on the first one's record. */
export const unreadableWebhookKey = (webhook: UnreadableWebhook): string =>
  `${UNREADABLE_PREFIX}${webhook.source}/${webhook.id}.json`;
