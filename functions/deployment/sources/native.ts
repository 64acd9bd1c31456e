import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ImageEvent } from '../../records/image-event.ts';
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
  const written = splitReference(parsed.data.image);
  const host = written.host ?? onlyOne(request.registryHosts);
  if (host === undefined) {
    return unreadable(
      '`image` names no registry, and drydock.yaml has more than one: write <host>/<repository>',
    );
  }
  const tag = parsed.data.tag ?? written.tag;
  const digest = parsed.data.digest ?? written.digest;
  if (tag === undefined && digest === undefined) {
    return unreadable('neither `tag` nor `digest` says which image; write the tag that was pushed');
  }
  if (tag !== undefined && isReferrerTag(tag)) {
    return { state: 'ignored', reason: 'not an image: a signature, attestation or SBOM of one' };
  }
  const image = `${host}/${written.repository}`;
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

/** Is the first part of a name a host? Docker's rule: it has a dot or a colon, or is `localhost`. */
const HOST = /^(localhost|[^/]*[.:][^/]*)\//;

const splitReference = (text: string) => {
  const [name = '', digest] = text.split('@', 2);
  const tagAt = name.lastIndexOf(':') > name.lastIndexOf('/') ? name.lastIndexOf(':') : name.length;
  const path = name.slice(0, tagAt);
  const host = HOST.exec(path)?.[1];
  return {
    host,
    repository: host === undefined ? path : path.slice(host.length + 1),
    tag: name.slice(tagAt + 1) || undefined,
    digest,
  };
};

const onlyOne = (hosts: readonly string[]): string | undefined => (hosts.length === 1 ? hosts[0] : undefined);
