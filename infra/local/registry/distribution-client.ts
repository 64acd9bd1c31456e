import { createHash } from 'node:crypto';

/** Where to push and as whom; a started registry fits. */
export interface PushTarget {
  readonly url: string;
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
}

/** Content by its digest: https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export const digestOf = (content: Buffer): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** Uploads content in one piece, unless the repository has it: distribution-spec, "Pushing a blob monolithically". */
export const pushBlob = async (
  target: PushTarget,
  repository: string,
  content: Buffer,
  mediaType: string,
): Promise<Descriptor> => {
  const descriptor = { mediaType, digest: digestOf(content), size: content.length };
  const blobs = `${target.url}/v2/${repository}/blobs`;
  const known = await call(target, `${blobs}/${descriptor.digest}`, { method: 'HEAD' }, [200, 404]);
  if (known.status === 200) return descriptor;
  const begun = await call(target, `${blobs}/uploads/`, { method: 'POST' }, [202]);
  const location = new URL(begun.headers.get('location') ?? '', target.url);
  location.searchParams.set('digest', descriptor.digest);
  const headers = { 'content-type': 'application/octet-stream' };
  await call(target, location.href, { method: 'PUT', headers, body: new Uint8Array(content) }, [201]);
  return descriptor;
};

/** Puts a manifest under a tag or its own digest; this is what a registry notifies of. */
export const pushManifest = async (
  target: PushTarget,
  repository: string,
  reference: string | undefined,
  content: Buffer,
  mediaType: string,
): Promise<Descriptor> => {
  const descriptor = { mediaType, digest: digestOf(content), size: content.length };
  const url = `${target.url}/v2/${repository}/manifests/${reference ?? descriptor.digest}`;
  const headers = { 'content-type': mediaType };
  await call(target, url, { method: 'PUT', headers, body: new Uint8Array(content) }, [201]);
  return descriptor;
};

/** Reads a manifest's exact bytes, which alone keep its digest. */
export const pullManifest = async (
  target: PushTarget,
  repository: string,
  reference: string,
): Promise<{ content: Buffer; mediaType: string }> => {
  const headers = { accept: MANIFEST_TYPES.join(', ') };
  const response = await call(
    target,
    `${target.url}/v2/${repository}/manifests/${reference}`,
    { headers },
    [200],
  );
  const mediaType = response.headers.get('content-type') ?? '';
  return { content: Buffer.from(await response.arrayBuffer()), mediaType };
};

/** Removes what a digest names, its tags included. */
export const deleteManifest = async (
  target: PushTarget,
  repository: string,
  digest: string,
): Promise<void> => {
  await call(target, `${target.url}/v2/${repository}/manifests/${digest}`, { method: 'DELETE' }, [202]);
};

export const IMAGE_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const IMAGE_INDEX = 'application/vnd.oci.image.index.v1+json';

const MANIFEST_TYPES = [
  IMAGE_MANIFEST,
  IMAGE_INDEX,
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

const call = async (
  { credentials }: PushTarget,
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: Uint8Array<ArrayBuffer> },
  expected: readonly number[],
): Promise<Response> => {
  const basic =
    credentials && Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  const headers = { ...init.headers, ...(basic ? { authorization: `Basic ${basic}` } : {}) };
  const response = await fetch(url, { ...init, headers });
  if (expected.includes(response.status)) return response;
  const { pathname } = new URL(url);
  const said = (await response.text()).slice(0, 300);
  throw new Error(
    `The registry answered ${init.method ?? 'GET'} ${pathname} with ${response.status}: ${said}`,
  );
};
