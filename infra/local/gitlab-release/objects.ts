import { createHash } from 'node:crypto';
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { LocalAws } from '../aws/start-aws.ts';
import {
  BACKUP_BUCKETS,
  BUCKET_COMPONENTS,
  type BucketComponent,
  SCRATCH_BUCKETS,
  SCRATCH_TMP_BUCKET,
  SOURCE_BUCKETS,
} from './names.ts';
import type { SeededValues } from './seeded-values.ts';

export interface SeededObject {
  readonly key: string;
  readonly body: Buffer;
}
/** What lies in each bucket of GitLab. */
export type GitLabObjects = Readonly<Record<BucketComponent, readonly SeededObject[]>>;

/**
 * Objects of each component, and how large each is: little enough to be quick, and in one bucket enough for an archive
 * that is uploaded in more than one part.
 */
const SIZES: Readonly<Record<BucketComponent, readonly number[]>> = {
  registry: [1_200, 90_000, 40_000],
  uploads: [20_000, 3_000, 800, 12_000],
  artifacts: [60_000, 4_000, 25_000, 9_000, 500],
  lfs: [5_400_000, 30_000],
  packages: [70_000, 2_500],
  external_diffs: [6_000, 1_500],
  terraform_state: [1_100],
  pages: [15_000, 2_000],
  ci_secure_files: [700],
};

/** The objects of a GitLab, the same for the same seed. */
export const makeObjects = (values: SeededValues): GitLabObjects => {
  const make = (component: BucketComponent): SeededObject[] =>
    SIZES[component].map((size, index) => {
      const body = values.noise(`object/${component}/${index}`, size);
      return { key: KEYS[component](createHash('sha256').update(body).digest('hex'), index), body };
    });
  return {
    registry: make('registry'),
    uploads: make('uploads'),
    artifacts: make('artifacts'),
    lfs: make('lfs'),
    packages: make('packages'),
    external_diffs: make('external_diffs'),
    terraform_state: make('terraform_state'),
    pages: make('pages'),
    ci_secure_files: make('ci_secure_files'),
  };
};

const spread = (digest: string): string => `${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest}`;

/** How GitLab and its registry name objects, roughly. */
const KEYS: Readonly<Record<BucketComponent, (digest: string, index: number) => string>> = {
  registry: (digest) => `docker/registry/v2/blobs/sha256/${digest.slice(0, 2)}/${digest}/data`,
  uploads: (digest, index) => `@hashed/${spread(digest)}/picture ${index}.png`,
  artifacts: (digest, index) => `${spread(digest)}/2026_11_20/${index + 1}/artifacts.zip`,
  lfs: (digest) => `${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}`,
  packages: (digest, index) => `${spread(digest)}/packages/${index + 1}/files/app-1.0.jar`,
  external_diffs: (digest, index) => `merge_request_diffs/mr-${index + 1}/diff-${digest.slice(0, 8)}`,
  terraform_state: (digest) => `${spread(digest)}/1.tfstate`,
  pages: (digest) => `@hashed/${spread(digest)}/pages_deployments/artifacts.zip`,
  ci_secure_files: (digest) => `@hashed/${spread(digest)}/secure_files/1/signing.p12`,
};

const LOCK = {
  ObjectLockConfiguration: {
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
  },
} as const;

/**
 * Makes the buckets of GitLab, versioned and filled, and those of its backups: archives and secrets with versions and an
 * object lock of a day, as `world/backup-configuration.ts` says.
 *
 * @param others empty ones with versions.
 */
export const makeBuckets = (
  aws: LocalAws,
  objects: GitLabObjects,
  others: readonly string[] = [],
): Promise<void> =>
  withS3(aws, async (s3) => {
    const create = async (Bucket: string, isLocked = false): Promise<void> => {
      await s3.send(
        new CreateBucketCommand({ Bucket, ...(isLocked ? { ObjectLockEnabledForBucket: true } : {}) }),
      );
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
      if (isLocked) await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ...LOCK }));
    };
    const fill = async (Bucket: string, inBucket: readonly SeededObject[]): Promise<void> => {
      await create(Bucket);
      await Promise.all(
        inBucket.map(({ key: Key, body: Body }) => s3.send(new PutObjectCommand({ Bucket, Key, Body }))),
      );
    };
    await Promise.all([
      create(BACKUP_BUCKETS.archives, true),
      create(BACKUP_BUCKETS.tmp),
      ...others.map((name) => create(name)),
      create(BACKUP_BUCKETS.secrets, true),
      ...BUCKET_COMPONENTS.map((component) => fill(SOURCE_BUCKETS[component], objects[component])),
    ]);
  });

/** Makes the buckets of the scratch, empty and without versions: what a drill leaves there is to be gone. */
export const makeScratchBuckets = (aws: LocalAws): Promise<void> =>
  withS3(aws, async (s3) => {
    const names = [...Object.values(SCRATCH_BUCKETS), SCRATCH_TMP_BUCKET];
    await Promise.all(names.map((Bucket) => s3.send(new CreateBucketCommand({ Bucket }))));
  });

const withS3 = async (aws: LocalAws, act: (s3: S3Client) => Promise<void>): Promise<void> => {
  const { url: endpoint, region, credentials } = aws;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  try {
    await act(s3);
  } finally {
    s3.destroy();
  }
};
