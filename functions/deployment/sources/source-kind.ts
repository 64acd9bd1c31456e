import { createHash } from 'node:crypto';
import { type ImageEvent, MAX_EVENT_ID_LENGTH } from '../../records/image-event.ts';

/** What an authenticated request says, as a kind of source sees it. */
export interface SourceRequest {
  /** Name of the source in `drydock.yaml`. */
  readonly source: string;
  /** Hosts of the registries this source speaks for. Never a host that the request names of itself. */
  readonly registryHosts: readonly string[];
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Parsed JSON. */
  readonly body: unknown;
  readonly receivedAt: Date;
}

/** One event of a request: an image to look at, nothing of interest, or not understood and kept for a person. */
export type EventReading =
  | { readonly state: 'image'; readonly id: string; readonly event: ImageEvent }
  | { readonly state: 'ignored'; readonly id?: string | undefined; readonly reason: string }
  | {
      readonly state: 'unreadable';
      readonly id?: string | undefined;
      readonly reason: string;
      readonly body: unknown;
    };

/**
 * How one kind of sender writes its events. It never throws: whatever was sent, there is a reading, and a reason
 * never quotes what was sent.
 */
export type SourceKind = (request: SourceRequest) => readonly EventReading[];

/** An id as it was sent, or its hash when it is longer than what names records. */
export const boundId = (id: string): string =>
  id.length <= MAX_EVENT_ID_LENGTH ? id : createHash('sha256').update(id).digest('hex');

/** Cosign writes signatures, attestations and SBOMs as tags named after a digest; OCI referrers do the same. */
const DIGEST_TAG = /^sha256-[0-9a-f]{64}(\.\w+)?$/;

/** Is this tag the address of something that belongs to an image, rather than the name of an image? */
export const isReferrerTag = (tag: string): boolean => DIGEST_TAG.test(tag);
