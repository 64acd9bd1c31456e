import { gunzipSync } from 'node:zlib';

/** A release of Helm 3 or 4 as it lies in a Secret or ConfigMap. Source: helm.sh/helm, pkg/storage/driver/util.go. */

/** etcd takes 1.5 MiB at most, and the API server 1 MiB of a Secret: more than this is no release. */
const MAX_STORED = 4 * 1024 * 1024;
/** Charts of several MB are rare; a value that inflates beyond this was made to do so. */
const MAX_RELEASE = 64 * 1024 * 1024;

export type StoredRelease =
  /** @property document what JSON holds; undefined when it is none. */
  | { readonly ok: true; readonly document: unknown }
  /** @property reason without its dot, and without anything of what is stored. */
  | { readonly ok: false; readonly reason: string };

/**
 * Unpacks the value `release` of Helm's storage as the Kubernetes API gives it: base64 of gzip of JSON, and in a Secret
 * the base64 of the API around it. Releases of before compression are plain JSON. Never throws.
 */
export const unpackHelmRelease = (
  value: string | Uint8Array,
  storage: 'secret' | 'configmap',
): StoredRelease => {
  if (value.length > MAX_STORED) return fault(`it is larger than ${MAX_STORED / 1024 / 1024} MiB`);
  const text = typeof value === 'string' ? value : Buffer.from(value).toString('latin1');
  const stored = storage === 'secret' ? Buffer.from(text, 'base64').toString('latin1') : text;
  return inflate(Buffer.from(stored, 'base64'));
};

const fault = (reason: string): StoredRelease => ({ ok: false, reason });

const inflate = (bytes: Buffer): StoredRelease => {
  // RFC 1952, 2.3.1: the magic number of gzip.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b)
    return { ok: true, document: parseJson(bytes.toString('utf8')) };
  try {
    const text = gunzipSync(bytes, { maxOutputLength: MAX_RELEASE }).toString('utf8');
    return { ok: true, document: parseJson(text) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return fault(
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `it inflates to more than ${MAX_RELEASE / 1024 / 1024} MiB`
        : 'its gzip is damaged or was cut',
    );
  }
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
