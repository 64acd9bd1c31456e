import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ImageEvent } from '../../records/image-event.ts';
import { type ImageReference, parseImageReference } from '../../records/image-reference.ts';
import {
  boundId,
  type EventReading,
  isReferrerTag,
  type SourceKind,
  type SourceRequest,
} from './source-kind.ts';

/**
 * A CI job that says itself what it pushed: `{"image", "tag"?, "digest"?, "redeploy"?}`. The image may carry tag and
 * digest as in `docker pull`, and may leave the host out where `drydock.yaml` names one registry alone.
 */
export const readNativeEvent: SourceKind = (request) => [readAnnouncement(request)];

const Announcement = z.object({
  image: z.string().min(1),
  tag: z.string().nullish(),
  digest: z.string().nullish(),
  /** Asks for new pods even when this image runs already. */
  redeploy: z.boolean().nullish(),
});

const readAnnouncement = (request: SourceRequest): EventReading => {
  const unreadable = (reason: string): EventReading => ({ state: 'unreadable', reason, body: request.body });
  const parsed = Announcement.safeParse(request.body);
  if (!parsed.success) {
    return unreadable(
      'the body is not {"image": "<host>/<repository>", "tag": "...", "digest"?: "sha256:..."}',
    );
  }
  const written = readImage(parsed.data.image, request.registryHosts);
  if (!written.ok) return unreadable(written.reason);
  const tag = parsed.data.tag ?? written.reference.tag;
  const digest = parsed.data.digest ?? written.reference.digest;
  if (tag === undefined && digest === undefined) {
    return unreadable('neither `tag` nor `digest` says which image; write the tag that was pushed');
  }
  if (tag !== undefined && isReferrerTag(tag)) {
    return { state: 'ignored', reason: 'not an image: a signature, attestation or SBOM of one' };
  }
  const image = written.reference.name;
  const kind = parsed.data.redeploy === true ? 'redeploy' : 'push';
  const id = idOf(request, [kind, image, tag ?? '', digest ?? '']);
  const receivedAt = request.receivedAt.toISOString();
  const draft = { version: 1, id, source: request.source, kind, image, tag, digest, receivedAt };
  const event = ImageEvent.safeParse(draft);
  if (event.success) return { state: 'image', id, event: event.data };
  const [field = 'image'] = event.error.issues.flatMap((issue) => issue.path.map(String));
  return unreadable(`\`${field}\` is not written as registries write it`);
};

/** Minutes in which the same announcement without a key counts as a repeat: longer than any sender's retries. */
const REPEAT_MINUTES = 10;

/** The sender's key names the cause: a repeat carries the same one, a deliberate second deployment a new one. */
const idOf = ({ headers, receivedAt }: SourceRequest, content: readonly string[]): string => {
  const key = headers.get('idempotency-key') || headers.get('webhook-id');
  if (key) return boundId(key);
  const bucket = Math.floor(receivedAt.getTime() / (REPEAT_MINUTES * 60_000));
  const hash = createHash('sha256')
    .update([...content, bucket].join('\n'))
    .digest('hex');
  return `content-${hash.slice(0, 32)}`;
};

type ReadImage = { ok: true; reference: ImageReference } | { ok: false; reason: string };

const DOCKER_HUB = 'docker.io';
const WRITTEN_DOCKER_HUB = /^(index\.)?docker\.io\//i;

/**
 * Reads an image that may leave its host out. Elsewhere that means Docker Hub; here it does only when that is one of
 * our registries, otherwise the one registry there is.
 */
const readImage = (text: string, registryHosts: readonly string[]): ReadImage => {
  const reference = parseImageReference(text);
  if (!reference) return { ok: false, reason: '`image` is no image name; write <host>/<repository>' };
  const isHostWritten = reference.host !== DOCKER_HUB || WRITTEN_DOCKER_HUB.test(text);
  if (isHostWritten || registryHosts.includes(DOCKER_HUB)) return { ok: true, reference };
  const [only, ...others] = registryHosts;
  const completed = only && others.length === 0 ? parseImageReference(`${only}/${text}`) : undefined;
  if (completed) return { ok: true, reference: completed };
  return {
    ok: false,
    reason: '`image` names no registry, and drydock.yaml not just one; write <host>/<repository>',
  };
};
