import type { ChartValues } from './chart-values.ts';

/** The buckets that the values name. */

export interface Bucket {
  /** Where its name stands. */
  readonly path: string;
  /** Its own name, without a prefix behind a `/`. */
  readonly name: string;
  /** What GitLab keeps in it, for a person. */
  readonly holds: string;
}

const APP = 'global.appConfig';

/** Types of objects with a bucket each; `on` is what switches the type on. */
const TYPES: readonly { readonly holds: string; readonly at: string; readonly on: string }[] = [
  { holds: 'LFS objects', at: `${APP}.lfs`, on: `${APP}.lfs.enabled` },
  { holds: 'artifacts', at: `${APP}.artifacts`, on: `${APP}.artifacts.enabled` },
  { holds: 'uploads', at: `${APP}.uploads`, on: `${APP}.uploads.enabled` },
  { holds: 'packages', at: `${APP}.packages`, on: `${APP}.packages.enabled` },
  { holds: 'external diffs', at: `${APP}.externalDiffs`, on: `${APP}.externalDiffs.enabled` },
  { holds: 'Terraform states', at: `${APP}.terraformState`, on: `${APP}.terraformState.enabled` },
  { holds: 'secure files', at: `${APP}.ciSecureFiles`, on: `${APP}.ciSecureFiles.enabled` },
  { holds: 'the dependency proxy', at: `${APP}.dependencyProxy`, on: `${APP}.dependencyProxy.enabled` },
  { holds: 'pages', at: 'global.pages.objectStore', on: 'global.pages.enabled' },
  { holds: 'registry images', at: 'global.registry', on: 'registry.enabled' },
];

export const BACKUP_BUCKET = `${APP}.backups.bucket`;
export const TMP_BUCKET = `${APP}.backups.tmpBucket`;
export const OBJECT_STORE = `${APP}.object_store`;

/** Buckets of the types that are switched on. */
export const dataBuckets = (values: ChartValues): Bucket[] =>
  TYPES.flatMap(({ holds, at, on }) => (values.isOn(on) ? bucketAt(values, `${at}.bucket`, holds) : []));

/** A bucket by the path of its name, when there is a name. */
export const bucketAt = (values: ChartValues, path: string, holds: string): Bucket[] => {
  const name = values.text(path)?.split('/', 1)[0];
  return name === undefined ? [] : [{ path, name, holds }];
};

/** Does the toolbox keep its archives in S3? `backend` says so, and a flag of the CronJob goes before it. */
export const isOnS3 = (values: ChartValues, flag?: string): boolean =>
  (flag ?? values.text('gitlab.toolbox.backups.objectStorage.backend') ?? 's3') === 's3';

/**
 * Does GitLab keep its objects outside of the cluster? MinIO of the chart is the other way, and chart 10 has none.
 * Where nothing says so, the values of the user that name a connection do.
 */
export const isStoredOutside = (values: ChartValues): boolean =>
  values.isOn(`${OBJECT_STORE}.enabled`) || values.isGiven(`${APP}.artifacts.connection`);
