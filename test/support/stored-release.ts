import { gzipSync } from 'node:zlib';

/** A Helm release as Helm writes it, and the Secret that it lies in. */

export interface StoredRelease {
  readonly name?: string;
  readonly namespace?: string;
  readonly version?: number;
  readonly status?: string;
  readonly chart?: string;
  readonly chartVersion?: string;
  readonly appVersion?: string;
  readonly config?: unknown;
}

/** Base64 of gzip of JSON: the value `release` before the API server adds its own base64. */
export const storeRelease = ({
  name = 'gitlab',
  namespace = 'gitlab',
  version = 7,
  status = 'deployed',
  chart = 'gitlab',
  chartVersion = '9.10.0',
  appVersion = 'v18.10.0',
  config = {},
}: StoredRelease = {}): string => {
  const metadata = { name: chart, version: chartVersion, appVersion };
  const release = { name, namespace, version, info: { status }, chart: { metadata, values: {} }, config };
  return Buffer.from(gzipSync(JSON.stringify({ ...release, manifest: '' }))).toString('base64');
};

/** Name and labels of that Secret. */
export const releaseSecretMetadata = ({
  name = 'gitlab',
  namespace = 'gitlab',
  version = 7,
  status = 'deployed',
}: StoredRelease = {}) => ({
  name: `sh.helm.release.v1.${name}.v${version}`,
  namespace,
  labels: { owner: 'helm', name, status, version: String(version) },
});

/** The Secret itself, as the API server takes and gives it. */
export const releaseSecret = (release: StoredRelease = {}, stored = storeRelease(release)) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'helm.sh/release.v1',
  metadata: releaseSecretMetadata(release),
  data: { release: Buffer.from(stored).toString('base64') },
});
