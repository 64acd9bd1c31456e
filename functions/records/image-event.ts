import * as z from 'zod';
import { ImageName } from './configuration/scalars.ts';

/** What the webhook door says of an image, from the queue to the `deployment` execution. */

/** Grammar of a tag: OCI distribution specification, "Pulling manifests". */
export const Tag = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);

/** The one digest algorithm that registries use in practice. */
export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** A repository path has 255 characters at most (OCI distribution specification), and a host 253. */
export const MAX_IMAGE_LENGTH = 512;

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
  tag: Tag.optional(),
  digest: Digest.optional(),
  mediaType: z.string().max(255).optional(),
  receivedAt: z.iso.datetime(),
});
export type ImageEvent = z.output<typeof ImageEvent>;
