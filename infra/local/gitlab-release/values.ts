import { STORAGE_CLASS } from '../toolbox/kubelet/volume-claims.ts';
import { BACKUP_BUCKETS, OWN_SECRETS, SOURCE_BUCKETS, TOOLBOX_NODE } from './names.ts';

/** What the values depend on. */
export interface ValuesOf {
  readonly roleArn: string;
  readonly database: { readonly host: string; readonly port: number };
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
export const writeValues = ({ roleArn, database, gitlabVersion }: ValuesOf): Record<string, unknown> => ({
  global: {
    ...(gitlabVersion === undefined ? {} : { gitlabVersion }),
    hosts: { domain: 'example.com' },
    minio: { enabled: false },
    psql: { ...database, password: { secret: OWN_SECRETS.database, key: 'postgresql-password' } },
    redis: { host: 'cache.example.com', scheme: 'rediss', auth: { enabled: false } },
    serviceAccount: { enabled: true, annotations: { 'eks.amazonaws.com/role-arn': roleArn } },
    registry: { bucket: SOURCE_BUCKETS.registry },
    pages: { enabled: true, objectStore: { bucket: SOURCE_BUCKETS.pages } },
    appConfig: {
      object_store: {
        enabled: true,
        connection: { secret: OWN_SECRETS.objectStorage, key: 'connection' },
      },
      lfs: { bucket: SOURCE_BUCKETS.lfs },
      artifacts: { bucket: SOURCE_BUCKETS.artifacts },
      uploads: { bucket: SOURCE_BUCKETS.uploads },
      packages: { bucket: SOURCE_BUCKETS.packages },
      externalDiffs: { enabled: true, bucket: SOURCE_BUCKETS.external_diffs },
      terraformState: { enabled: true, bucket: SOURCE_BUCKETS.terraform_state },
      ciSecureFiles: { enabled: true, bucket: SOURCE_BUCKETS.ci_secure_files },
      backups: { bucket: BACKUP_BUCKETS.archives, tmpBucket: BACKUP_BUCKETS.tmp },
    },
  },
  postgresql: { install: false },
  redis: { install: false },
  'nginx-ingress': { enabled: false },
  registry: { storage: { secret: OWN_SECRETS.registryStorage, key: 'config' } },
  gitlab: {
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
