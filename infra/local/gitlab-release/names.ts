import { ARCHIVE_COMPONENTS } from '../../../functions/records/backup/components.ts';

/** What the GitLab of the local world is called, everywhere where it is called by name. */
export const GITLAB = {
  namespace: 'gitlab',
  release: 'gitlab',
  /** Of `Chart.yaml`, and so the tag of its images. */
  version: '18.10.0',
  /** As the image's VERSION file says it, and the id of a backup. */
  versionWithEdition: '18.10.0-ee',
} as const;

/** Components of a backup that lie in a bucket. */
export type BucketComponent = Exclude<(typeof ARCHIVE_COMPONENTS)[number], 'db' | 'repositories'>;

export const BUCKET_COMPONENTS: readonly BucketComponent[] = ARCHIVE_COMPONENTS.filter(
  (name) => name !== 'db' && name !== 'repositories',
);

/** The buckets that GitLab keeps its objects in, one for each component. */
export const SOURCE_BUCKETS: Readonly<Record<BucketComponent, string>> = {
  registry: 'gitlab-local-registry',
  uploads: 'gitlab-local-uploads',
  artifacts: 'gitlab-local-artifacts',
  lfs: 'gitlab-local-lfs',
  packages: 'gitlab-local-packages',
  external_diffs: 'gitlab-local-mr-diffs',
  terraform_state: 'gitlab-local-terraform-state',
  pages: 'gitlab-local-pages',
  ci_secure_files: 'gitlab-local-ci-secure-files',
};

/** Where backups go, what a restore replaces is kept, and the secrets of a set lie. */
export const BACKUP_BUCKETS = {
  archives: 'gitlab-local-backups',
  tmp: 'gitlab-local-tmp',
  secrets: 'gitlab-local-backup-secrets',
} as const;

/** What a GitLab stands on whose sets are no archives: an instance of RDS, its key, and the bucket of Gitaly. */
export const NATIVE = {
  instance: 'gitlab-local',
  keyAlias: 'alias/gitlab-local-database',
  gitalyBucket: 'gitlab-local-gitaly',
} as const;

/** A second GitLab of the same version in which nobody works: where backups are restored to see whether they can be. */
export const SCRATCH = { namespace: 'gitlab-scratch', release: 'gitlab' } as const;

/** Its buckets: none of a name by which those of the other GitLab are meant. */
export const SCRATCH_BUCKETS: Readonly<Record<BucketComponent, string>> = {
  registry: 'gitlab-scratch-registry',
  uploads: 'gitlab-scratch-uploads',
  artifacts: 'gitlab-scratch-artifacts',
  lfs: 'gitlab-scratch-lfs',
  packages: 'gitlab-scratch-packages',
  external_diffs: 'gitlab-scratch-mr-diffs',
  terraform_state: 'gitlab-scratch-terraform-state',
  pages: 'gitlab-scratch-pages',
  ci_secure_files: 'gitlab-scratch-ci-secure-files',
};
export const SCRATCH_TMP_BUCKET = 'gitlab-scratch-tmp';

/** Its instance of RDS, where the sets of the other GitLab are no archives. */
export const SCRATCH_INSTANCE = 'gitlab-scratch';

/** Role of the ServiceAccounts of the scratch. */
export const SCRATCH_ROLE = 'gitlab-scratch-objects';

/** Role of the ServiceAccounts of this GitLab, the toolbox's among them. */
export const OBJECTS_ROLE = 'gitlab-local-objects';

/** Key of the secrets of a set; never that of the archives. */
export const SECRETS_KEY_ALIAS = 'alias/gitlab-local-backup-secrets';

/** Secrets that people make; `<release>-...` are those that the chart makes. */
export const OWN_SECRETS = {
  database: 'gitlab-database',
  objectStorage: 'gitlab-object-storage',
  registryStorage: 'gitlab-registry-storage',
  s3cfg: 'gitlab-s3cfg',
} as const;

/** The node on which pods of the toolbox run: label and taint, as of a node group for backups alone. */
export const TOOLBOX_NODE = {
  name: 'ip-10-0-0-99.eu-central-1.compute.internal',
  label: 'example.com/pool',
  value: 'toolbox',
} as const;
