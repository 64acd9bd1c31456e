import type * as z from 'zod';
import type { Backup } from '../../../functions/records/configuration/backup.ts';
import {
  BACKUP_BUCKETS,
  GITLAB,
  NATIVE,
  OBJECTS_ROLE,
  SCRATCH,
  SCRATCH_INSTANCE,
  SCRATCH_ROLE,
  SECRETS_KEY_ALIAS,
} from '../gitlab-release/names.ts';
import { roleArn } from '../gitlab-release/role.ts';
import type { LocalOutside } from '../gitlab-release/scratch/start-outside.ts';

/** One environment of the section `backup`, as a person writes it in drydock.yaml. */
export type BackupInput = NonNullable<z.input<typeof Backup>['environments']>[string];

/** How the GitLab of the local world is backed up, where nobody says otherwise. */
export const writeBackupSection = (account: string, changes: Partial<BackupInput> = {}): BackupInput => ({
  namespace: GITLAB.namespace,
  release: GITLAB.release,
  role: roleArn(account, OBJECTS_ROLE),
  destination: { bucket: BACKUP_BUCKETS.archives, create: false },
  tmpBucket: BACKUP_BUCKETS.tmp,
  // Named as far as a person would: what begins so holds the backups as well, and a restore may write into none of those.
  sourceBuckets: ['gitlab-local-*'],
  secrets: { bucket: BACKUP_BUCKETS.secrets, kmsKey: SECRETS_KEY_ALIAS },
  lock: { mode: 'governance', days: 1 },
  policies: {
    daily: { schedule: 'cron(0 3 * * ? *)', timeZone: 'Europe/Berlin', skip: [] },
  },
  ...changes,
});

/** What of it is otherwise where sets are made of a snapshot, versions and what Gitaly wrote. */
export const NATIVE_SECTION: Partial<BackupInput> = {
  database: { instance: NATIVE.instance },
  gitaly: { bucket: NATIVE.gitalyBucket },
  policies: {
    native: { kind: 'native', schedule: 'cron(0 3 * * ? *)', timeZone: 'Europe/Berlin', skip: [] },
  },
};

/**
 * Where and how restores are rehearsed in the local world.
 *
 * @param aws URL of the local AWS: S3 and STS, which pods of a drill need.
 * @param outside whom they must not reach.
 * @param native whether the place takes native sets.
 */
export const writeRestoreSection = (
  account: string,
  aws: string,
  outside: Pick<LocalOutside, 'host' | 'port'>,
  native: boolean,
): NonNullable<BackupInput['restore']> => {
  const { hostname, port, host } = new URL(aws);
  return {
    scratch: {
      namespace: SCRATCH.namespace,
      release: SCRATCH.release,
      role: roleArn(account, SCRATCH_ROLE),
      ...(native ? { database: { instance: SCRATCH_INSTANCE }, buckets: ['gitlab-scratch-*'] } : {}),
    },
    drill: {
      allowed: [{ cidr: `${hostname}/32`, ports: [Number(port)], why: 'S3 and STS' }],
      outside: [{ host: outside.host, port: outside.port, why: 'mail' }],
      s3Endpoint: host,
    },
  };
};
