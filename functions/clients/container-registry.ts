import { createHash } from 'node:crypto';
import * as z from 'zod';
import { isDigest, isRepository, isTag } from '../records/image-reference.ts';
import type { ManifestDescription } from '../records/manifest.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { type Artifact, readArtifact } from './container-registry/artifact.ts';
import { DEFAULT_PATIENCE } from './container-registry/ask.ts';
import type { Credentials } from './container-registry/credentials.ts';
import { parseJsonBody } from './container-registry/json.ts';
import { findNextQuery } from './container-registry/link.ts';
import {
  refuseAnswer,
  refuseDigest,
  refuseManifest,
  refuseName,
  refusePaging,
} from './container-registry/refusals.ts';
import { openSession } from './container-registry/session.ts';
import type { Patience } from './patient-http.ts';

/** What is true of images, asked of the registry itself: OCI Distribution Specification 1.1, the pull half. */
export interface ContainerRegistry {
  /** Digest and type of what a tag or digest points to now; undefined when the registry has none. */
  headManifest(
    repository: string,
    reference: string,
    signal?: AbortSignal,
  ): Promise<{ digest: string; mediaType: string } | undefined>;
  /** What lies under a digest; its bytes are read and must have that digest. Undefined when there is nothing. */
  describeManifest(
    repository: string,
    digest: string,
    signal?: AbortSignal,
  ): Promise<ManifestDescription | undefined>;
  /** All tags of a repository, page by page, in the registry's order; none when there is no such repository. */
  listTags(repository: string, signal?: AbortSignal): AsyncIterable<string>;
}

interface Options {
  /** Where the registry's API answers, such as `https://registry.example.com`. */
  readonly url: string;
  /** Called for each new token, so that a rotated secret is used at once. */
  readonly credentials?: () => Promise<Credentials | undefined>;
  readonly clock?: Clock;
  readonly patience?: Patience;
}

/** Distribution asks registries to take manifests of up to 4 MiB, and none larger. */
const MAX_MANIFEST_BYTES = 4_194_304;
/** A registry that does not page sends all tags at once: 100,000 of 128 characters fit. */
const MAX_TAG_LIST_BYTES = 16_777_216;
/** GitLab's registry and ECR refuse larger pages. */
const TAGS_PER_PAGE = 1_000;
/** A million tags; beyond it the registry's paging is broken. */
const MAX_TAG_PAGES = 1_000;

const TagList = z.object({ tags: z.array(z.string()).nullish() });

/**
 * Connects to a registry. Nothing is sent until the first question; credentials only after the registry asked.
 *
 * Every question @throws TransientError `registry.unreachable`, `registry.unavailable`, `registry.throttled` (with
 * `retryAfterSeconds` when the registry said), and RefusedError `registry.unauthorized`, `registry.realm`,
 * `registry.token`, `registry.reference` (an impossible name), `registry.digest-mismatch`, `registry.paging`,
 * `registry.refused`.
 */
export const connectContainerRegistry = (options: Options): ContainerRegistry => {
  const registry = new URL(options.url);
  const request = openSession({
    registry,
    credentials: options.credentials,
    clock: options.clock ?? systemClock,
    patience: options.patience ?? DEFAULT_PATIENCE,
  });

  const getManifest = async (repository: string, reference: string, signal?: AbortSignal) => {
    const path = `manifests/${reference}`;
    const answer = await request(repository, { path, maxBytes: MAX_MANIFEST_BYTES, signal });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw refuseAnswer(registry, answer.url, answer.status);
    const artifact = readArtifact(answer.body, answer.headers.get('content-type') ?? undefined);
    if (!artifact) throw refuseManifest(registry, repository, reference);
    const digest = checkDigest(registry, reference, artifact, answer.body);
    return { digest, artifact };
  };

  return {
    async headManifest(repository, reference, signal) {
      checkNames(registry, repository, reference);
      const path = `manifests/${reference}`;
      const answer = await request(repository, { method: 'HEAD', path, maxBytes: 0, signal });
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw refuseAnswer(registry, answer.url, answer.status);
      const digest = answer.headers.get('docker-content-digest') ?? '';
      if (isDigest(digest)) {
        if (isDigest(reference) && digest !== reference) throw refuseDigest(registry, reference, digest);
        return { digest, mediaType: answer.headers.get('content-type')?.split(';', 1)[0]?.trim() ?? '' };
      }
      // The header is no more than a SHOULD of the specification; without it the bytes tell.
      const manifest = await getManifest(repository, reference, signal);
      return manifest && { digest: manifest.digest, mediaType: manifest.artifact.mediaType };
    },

    async describeManifest(repository, digest, signal) {
      checkNames(registry, repository, digest);
      const manifest = await getManifest(repository, digest, signal);
      return manifest && { digest: manifest.digest, ...manifest.artifact };
    },

    async *listTags(repository, signal) {
      checkNames(registry, repository);
      const ask = (query?: string) =>
        request(repository, {
          path: 'tags/list',
          ...(query ? { query } : {}),
          maxBytes: MAX_TAG_LIST_BYTES,
          signal,
        });
      const asked = new Set<string>();
      let query: string | undefined = `n=${TAGS_PER_PAGE}`;
      while (query !== undefined) {
        if (asked.has(query) || asked.size === MAX_TAG_PAGES) {
          throw refusePaging(registry, repository, asked.size);
        }
        asked.add(query);
        let answer = await ask(query);
        // Some registries refuse a page size that is not theirs; then theirs is taken.
        if (answer.status === 400 && asked.size === 1) answer = await ask();
        if (answer.status === 404) return;
        const list = answer.status === 200 ? TagList.safeParse(parseJsonBody(answer.body)) : undefined;
        if (!list?.success) throw refuseAnswer(registry, answer.url, answer.status);
        yield* list.data.tags ?? [];
        query = findNextQuery(answer.headers.get('link'));
      }
    },
  };
};

/** A name becomes part of a URL: nothing that is no name of the field's grammar is ever sent. */
const checkNames = (registry: URL, repository: string, reference?: string): void => {
  if (!isRepository(repository)) throw refuseName(registry, repository);
  if (reference !== undefined && !isTag(reference) && !isDigest(reference))
    throw refuseName(registry, reference);
};

/** The digest of the bytes; when they were asked for by digest it must be that one. */
const checkDigest = (registry: URL, reference: string, artifact: Artifact, bytes: Uint8Array): string => {
  const wanted = isDigest(reference) ? reference : undefined;
  // A schema 1 manifest is signed inside, and its digest leaves the signatures out.
  if (wanted !== undefined && artifact.kind === 'schema1') return wanted;
  const algorithm = wanted?.split(':', 1)[0] ?? 'sha256';
  const received = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  if (wanted !== undefined && received !== wanted) throw refuseDigest(registry, wanted, received);
  return received;
};
