import { STORAGE_CLASS } from '../toolbox/kubelet/volume-claims.ts';
import { BACKUP_BUCKETS, type BucketComponent, OWN_SECRETS, TOOLBOX_NODE } from './names.ts';

/** What the values depend on. */
export interface ValuesOf {
  readonly roleArn: string;
  readonly database: { readonly host: string; readonly port: number };
  readonly buckets: Readonly<Record<BucketComponent, string>>;
  readonly tmpBucket: string;
  /** Of its addresses. */
  readonly domain: string;
  /** Host of a Redis outside; without one, the chart brings its own. */
  readonly redis?: string;
  /** Into which Gitaly writes backups by itself; into none without it. */
  readonly gitalyBucket?: string;
  /** Another version than the chart's: `18.9.3`. */
  readonly gitlabVersion?: string;
}

const POOL = {
  nodeSelector: { [TOOLBOX_NODE.label]: TOOLBOX_NODE.value },
  tolerations: [{ key: TOOLBOX_NODE.label, value: TOOLBOX_NODE.value, effect: 'NoSchedule' }],
};

/** Room for an archive and its parts, on a disk of its own. */
const DISK = { enabled: true, size: '200Gi', storageClass: STORAGE_CLASS };

/**
 * The values of the release as a person writes them who has read what is advised: database, Redis and objects outside,
 * one bucket a component, Drydock as the only clock.
 */
export const writeValues = ({
  roleArn,
  database,
  buckets,
  tmpBucket,
  domain,
  redis,
  gitalyBucket,
  gitlabVersion,
}: ValuesOf): Record<string, unknown> => ({
  global: {
    ...(gitlabVersion === undefined ? {} : { gitlabVersion }),
    hosts: { domain },
    minio: { enabled: false },
    psql: { ...database, password: { secret: OWN_SECRETS.database, key: 'postgresql-password' } },
    ...(redis === undefined ? {} : { redis: { host: redis, scheme: 'rediss', auth: { enabled: false } } }),
    serviceAccount: { enabled: true, annotations: { 'eks.amazonaws.com/role-arn': roleArn } },
    registry: { bucket: buckets.registry },
    pages: { enabled: true, objectStore: { bucket: buckets.pages } },
    appConfig: {
      object_store: {
        enabled: true,
        connection: { secret: OWN_SECRETS.objectStorage, key: 'connection' },
      },
      lfs: { bucket: buckets.lfs },
      artifacts: { bucket: buckets.artifacts },
      uploads: { bucket: buckets.uploads },
      packages: { bucket: buckets.packages },
      externalDiffs: { enabled: true, bucket: buckets.external_diffs },
      terraformState: { enabled: true, bucket: buckets.terraform_state },
      ciSecureFiles: { enabled: true, bucket: buckets.ci_secure_files },
      backups: { bucket: BACKUP_BUCKETS.archives, tmpBucket },
    },
  },
  postgresql: { install: false },
  redis: { install: redis === undefined },
  'nginx-ingress': { enabled: false },
  registry: { storage: { secret: OWN_SECRETS.registryStorage, key: 'config' } },
  gitlab: {
    ...(gitalyBucket === undefined ? {} : { gitaly: { backup: { goCloudUrl: `s3://${gitalyBucket}` } } }),
    toolbox: {
      ...POOL,
      persistence: DISK,
      backups: {
        objectStorage: { config: { secret: OWN_SECRETS.s3cfg, key: 'config' } },
        cron: {
          enabled: true,
          suspend: true,
          concurrencyPolicy: 'Forbid',
          backoffLimit: 0,
          restartPolicy: 'Never',
          extraArgs: '--s3tool awscli',
          persistence: { ...DISK, useGenericEphemeralVolume: true },
          ...POOL,
        },
      },
    },
  },
});

/**
 * What a scratch has otherwise: everything at 0 until somebody needs it, and nothing that sends mail or takes it out of a
 * mailbox.
 */
export const SCRATCH_VALUES = {
  global: { smtp: { enabled: false }, appConfig: { incomingEmail: { enabled: false } } },
  redis: { master: { count: 0 } },
  prometheus: { install: false },
  registry: { replicas: 0 },
  gitlab: {
    webservice: { replicas: 0 },
    sidekiq: { replicas: 0 },
    gitaly: { replicas: 0 },
    toolbox: { replicas: 0 },
    'gitlab-exporter': { replicas: 0 },
    'gitlab-shell': { replicas: 0 },
    kas: { replicas: 0 },
  },
} as const;
