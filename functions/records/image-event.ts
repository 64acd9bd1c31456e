import * as z from 'zod';
import { ImageName } from './configuration/scalars.ts';
import { isDigest, isTag } from './image-reference.ts';

/** What the webhook door says of an image, from the queue to the `deployment` execution. */

/** Bounds what the patterns of a name have to read: a host has 253 characters at most, a repository 255. */
const MAX_IMAGE_LENGTH = 512;

/** Longer ids of senders are hashed, since an id becomes part of ledger keys (1,024 bytes, percent-encoded). */
export const MAX_EVENT_ID_LENGTH = 200;

/**
 * One image that was pushed, or shall be deployed again. A hint until the registry confirms it: the digest that
 * counts is the registry's.
 */
export const ImageEvent = z.object({
  version: z.literal(1),
  /** The same on every repeat of the sender; with `source` it names the execution. */
  id: z.string().min(1).max(MAX_EVENT_ID_LENGTH),
  /** Name of the source in `drydock.yaml`. */
  source: z.string().min(1),
  /** `redeploy` asks for new pods even when this image runs already. */
  kind: z.enum(['push', 'redeploy']),
  /** Registry host and repository, no tag. */
  image: z.string().max(MAX_IMAGE_LENGTH).pipe(ImageName),
  tag: z.string().refine(isTag).optional(),
  digest: z.string().refine(isDigest).optional(),
  mediaType: z.string().max(255).optional(),
  receivedAt: z.iso.datetime(),
});
export type ImageEvent = z.output<typeof ImageEvent>;
