import { BUCKET_COMPONENTS } from '../../records/backup/components.ts';
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

type BucketComponent = (typeof BUCKET_COMPONENTS)[number];

interface ObjectType {
  readonly holds: string;
  readonly at: string;
  /** What switches the type on. */
  readonly on: string;
}

const typeOf = (holds: string, name: string): ObjectType => ({
  holds,
  at: `${APP}.${name}`,
  on: `${APP}.${name}.enabled`,
});

/** Types of objects with a bucket each, by the component of a backup that they are. */
const TYPES: Readonly<Record<BucketComponent | 'none', ObjectType>> = {
  lfs: typeOf('LFS objects', 'lfs'),
  artifacts: typeOf('artifacts', 'artifacts'),
  uploads: typeOf('uploads', 'uploads'),
  packages: typeOf('packages', 'packages'),
  external_diffs: typeOf('external diffs', 'externalDiffs'),
  terraform_state: typeOf('Terraform states', 'terraformState'),
  ci_secure_files: typeOf('secure files', 'ciSecureFiles'),
  // A cache, which no backup holds.
  none: typeOf('the dependency proxy', 'dependencyProxy'),
  pages: { holds: 'pages', at: 'global.pages.objectStore', on: 'global.pages.enabled' },
  registry: { holds: 'registry images', at: 'global.registry', on: 'registry.enabled' },
};

export const BACKUP_BUCKET = `${APP}.backups.bucket`;
export const TMP_BUCKET = `${APP}.backups.tmpBucket`;
export const OBJECT_STORE = `${APP}.object_store`;

/** Buckets of the types that are switched on. */
export const dataBuckets = (values: ChartValues): Bucket[] =>
  Object.values(TYPES).flatMap(({ holds, at, on }) =>
    values.isOn(on) ? bucketAt(values, `${at}.bucket`, holds) : [],
  );

/** A component that lies in a bucket, and where the name of that bucket stands. */
interface ComponentBucket {
  readonly component: BucketComponent;
  readonly on: boolean;
  readonly path: string;
  readonly name: string | undefined;
}

/** Every component that lies in a bucket, in the order of the tool, also where it is switched off. */
export const componentBuckets = (values: ChartValues): ComponentBucket[] =>
  BUCKET_COMPONENTS.map((component) => {
    const { holds, at, on } = TYPES[component];
    const path = `${at}.bucket`;
    return { component, on: values.isOn(on), path, name: bucketAt(values, path, holds)[0]?.name };
  });

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
