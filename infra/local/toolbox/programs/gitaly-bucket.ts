import { readFile } from 'node:fs/promises';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { STORAGE } from '../../gitlab-release/repositories.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Where Gitaly keeps server-side backups in its bucket, as its version 18 does: a manifest of each repository and backup, a
 * copy of the last one, and bundles beside.
 *
 * Source: Gitaly, doc/gitaly-backup.md, "Manifest layout"; internal/backup/locator.go.
 */
export interface GitalyBucket {
  readonly put: (key: string, body: Buffer | string) => Promise<void>;
  /** Undefined: there is none of this key. */
  readonly get: (key: string) => Promise<Buffer | undefined>;
}

export const manifestKey = (path: string, id: string): string => `manifests/${STORAGE}/${path}/${id}.toml`;
/** As Gitaly calls the copy of the last manifest. */
export const LATEST = '+latest';
export const bundleKey = (path: string, id: string, name: string): string =>
  `${STORAGE}/${path}/${id}/${name}`;

/** @throws Error in the words of Gitaly when it has no bucket. */
export const openGitalyBucket = ({ s3, gitalyBucket: Bucket }: Surroundings): GitalyBucket => {
  if (Bucket === undefined) {
    throw new Error('rpc error: code = FailedPrecondition desc = server-side backups are not configured');
  }
  return {
    put: async (Key, Body) => {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    },
    get: async (Key) => {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },
  };
};

/** Copies what a backup of one repository is into the bucket, the manifest last: without it, there is no backup. */
export const uploadBackup = async (
  bucket: GitalyBucket,
  path: string,
  id: string,
  files: { readonly bundle: string; readonly refs: string },
): Promise<void> => {
  const [bundle, refs] = [bundleKey(path, id, '001.bundle'), bundleKey(path, id, '001.refs')];
  await Promise.all([bucket.put(bundle, await readFile(files.bundle)), bucket.put(refs, files.refs)]);
  const manifest = writeManifest({ bundle, refs });
  await bucket.put(manifestKey(path, id), manifest);
  await bucket.put(manifestKey(path, LATEST), manifest);
};

/** A backup of one step, of a repository with the usual branch. */
export const writeManifest = (paths: { readonly bundle: string; readonly refs: string }): string =>
  `object_format = 'sha1'\nhead_reference = 'refs/heads/main'\n\n[[steps]]\n` +
  `bundle_path = '${paths.bundle}'\nref_path = '${paths.refs}'\ncustom_hooks_path = ''\n`;

/** @throws Error when the manifest names no bundle. */
export const readBundlePath = (manifest: string, name: string): string => {
  const [, bundle] = /^bundle_path = '([^']+)'$/m.exec(manifest) ?? [];
  if (bundle === undefined) throw new Error(`The manifest ${name} names no bundle.`);
  return bundle;
};
