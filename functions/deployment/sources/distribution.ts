import * as z from 'zod';
import { ImageEvent } from '../../records/image-event.ts';
import { isDigest } from '../../records/image-reference.ts';
import {
  boundId,
  type EventReading,
  isReferrerTag,
  type SourceKind,
  type SourceRequest,
} from './source-kind.ts';

/**
 * Notifications of Docker Distribution and of the GitLab container registry.
 * Source: distribution/distribution, documentation "Work with notifications"; GitLab's fork adds `rename` and says
 * v1 in its content type. The content type does not matter here: both, and plain JSON, carry the same envelope.
 */
export const readDistributionEvents: SourceKind = (request) => {
  const envelope = Envelope.safeParse(request.body);
  if (envelope.success) return envelope.data.events.map((event) => readEvent(event, request));
  // Azure's registry sends one event without an envelope.
  if (BareEvent.safeParse(request.body).success) return [readEvent(request.body, request)];
  const reason = 'the body is no notification envelope, which is {"events": [...]}';
  return [{ state: 'unreadable', reason, body: request.body }];
};

const Envelope = z.object({ events: z.array(z.unknown()) });
const BareEvent = z.object({ action: z.string(), target: z.looseObject({}) });

const Descriptor = z.object({ mediaType: z.string().nullish() });

const Notification = z.object({
  id: z.string().min(1),
  action: z.string().min(1),
  target: z.object({
    repository: z.string().nullish(),
    mediaType: z.string().nullish(),
    digest: z.string().nullish(),
    tag: z.string().nullish(),
    /** Only where the registry is set to include references; then a manifest's config and layers. */
    references: z.array(Descriptor).nullish().catch(undefined),
  }),
});
type Notification = z.output<typeof Notification>;

/** What a tag may point at that nodes can run, and the two indexes over such manifests. */
const IMAGE_MANIFESTS: ReadonlySet<string> = new Set([
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
]);
const IMAGE_INDEXES: ReadonlySet<string> = new Set([
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
]);
const IMAGE_CONFIGS: ReadonlySet<string> = new Set([
  'application/vnd.docker.container.image.v1+json',
  'application/vnd.oci.image.config.v1+json',
]);

const readEvent = (body: unknown, request: SourceRequest): EventReading => {
  const parsed = Notification.safeParse(body);
  if (!parsed.success) {
    return { state: 'unreadable', reason: 'the event lacks an id, an action or a target', body };
  }
  const id = boundId(parsed.data.id);
  const reason = reasonToIgnore(parsed.data);
  if (reason) return { state: 'ignored', id, reason };
  const [host] = request.registryHosts;
  const { repository, tag, digest, mediaType } = parsed.data.target;
  if (!host || !repository) return { state: 'unreadable', id, reason: 'the target has no repository', body };
  const event = ImageEvent.safeParse({
    version: 1,
    id,
    source: request.source,
    kind: 'push',
    image: `${host}/${repository}`,
    tag,
    // Only a hint, so that one in another form is left out rather than losing the event.
    digest: digest && isDigest(digest) ? digest : undefined,
    mediaType: mediaType ?? undefined,
    receivedAt: request.receivedAt.toISOString(),
  });
  if (event.success) return { state: 'image', id, event: event.data };
  return { state: 'unreadable', id, reason: 'the target has no usable repository or tag', body };
};

const reasonToIgnore = ({ action, target }: Notification): string | undefined => {
  if (action !== 'push') return ACTIONS.get(action) ?? 'not a push';
  const { mediaType, tag } = target;
  if (mediaType && !IMAGE_MANIFESTS.has(mediaType) && !IMAGE_INDEXES.has(mediaType)) {
    return 'not an image manifest: a blob or another artifact';
  }
  if (!tag) return 'pushed by digest, without a tag: policies decide about tags';
  if (isReferrerTag(tag)) return 'not an image: a signature, attestation or SBOM of one';
  const references = target.references ?? [];
  const namesConfig = mediaType && IMAGE_MANIFESTS.has(mediaType) && references.length > 0;
  if (namesConfig && !references.some((reference) => IMAGE_CONFIGS.has(reference.mediaType ?? ''))) {
    return 'not an image: its manifest has another config, such as that of a chart or an attestation';
  }
  return undefined;
};

/** The registry's other actions; a sender can be told not to send them (`notifications.endpoints.ignore`). */
const ACTIONS: ReadonlyMap<string, string> = new Map([
  ['pull', 'a pull changes nothing'],
  ['mount', 'a mounted blob is not an image'],
  ['delete', 'a deleted image is not deployed'],
  ['rename', 'a renamed repository is not a push'],
]);
