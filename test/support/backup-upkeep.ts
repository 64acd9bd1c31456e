import type { KeptEnvironment } from '../../functions/backup/upkeep/kept-environments.ts';
import { listKept } from '../../functions/backup/upkeep/kept-environments.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';
import type { BackupSetEntry } from '../../functions/records/backup/set-index.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { hoursAgo } from './backup-sets.ts';

/** The nights of a small site: environments that are backed up, and manifests of their sets. */

export const buildBackupSettings = (environment: string, policies: Readonly<Record<string, object>>) => ({
  role: 'arn:aws:iam::111122223333:role/gitlab-backup',
  destination: {
    bucket: `${environment}-backups`,
    account: '444455556666',
    region: 'eu-central-1',
    kmsKey: 'alias/archives',
  },
  tmpBucket: `${environment}-tmp`,
  secrets: { bucket: `${environment}-secrets`, kmsKey: 'alias/secrets' },
  policies: Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [name, { schedule: 'rate(24 hours)', ...policy }]),
  ),
});

/** @param backup settings by the name of the environment, as drydock.yaml has them. */
export const parseKept = (backup: Readonly<Record<string, object>>): KeptEnvironment[] =>
  listKept(
    Configuration.parse({
      version: 1,
      sites: { main: { account: '111122223333', region: 'eu-central-1' } },
      environments: Object.fromEntries(
        Object.keys(backup).map((name) => [name, { cluster: { name: `${name}-cluster` } }]),
      ),
      backup: { environments: backup },
    }),
  );

/** Environments with these policies, each beginning with what the defaults give. */
export const buildKept = (
  environments: Readonly<Record<string, Readonly<Record<string, object>>>> = { production: { daily: {} } },
): KeptEnvironment[] =>
  parseKept(
    Object.fromEntries(
      Object.entries(environments).map(([name, policies]) => [name, buildBackupSettings(name, policies)]),
    ),
  );

export const ARCHIVE_VERSION = 'v1';

/** The manifest that an entry of an index sums up; its archive lies in the bucket of the environment. */
export const manifestOf = (entry: BackupSetEntry, changes: Partial<BackupSet> = {}): BackupSet => {
  const { id, policy, kind, state, skip, takenAt, needs, verifiedAt, size, legalHold, lockedUntil } = entry;
  const environment = changes.environment ?? 'production';
  const isJudged = ['verified', 'incomplete', 'corrupt', 'not-checked'].includes(state);
  const hasArchive = kind === 'tar' && state !== 'running' && state !== 'failed';
  return {
    version: 1,
    id,
    environment,
    policy,
    kind,
    state,
    skip,
    takenAt,
    needs,
    execution: {
      arn: `arn:aws:states:eu-central-1:111122223333:execution:drydock-main-backup:${id.slice(0, 10)}`,
      name: id.slice(0, 10),
      startedAt: takenAt,
    },
    gitlabVersion: '18.10.0-ee',
    startedAt: takenAt,
    ...(state === 'running' ? {} : { endedAt: takenAt }),
    timings: {},
    copies: [],
    parts: hasArchive
      ? [
          {
            kind: 'archive',
            takenAt,
            contents: [],
            object: {
              bucket: `${environment}-backups`,
              key: `${id}_gitlab_backup.tar`,
              versionId: ARCHIVE_VERSION,
              etag: '"e"',
              size: 100,
              lastModified: takenAt,
              ...(lockedUntil === undefined ? {} : { lockMode: 'GOVERNANCE', lockedUntil }),
            },
          },
        ]
      : [],
    ...(size === undefined ? {} : { size }),
    ...(isJudged
      ? {
          verification: {
            verdict: state as 'verified',
            at: verifiedAt ?? takenAt,
            record: `backup/sets/${environment}/${id}/verifications/x.json`,
            reasons: [],
            found: 0,
          },
        }
      : {}),
    ...(legalHold ? { legalHold: { by: 'ada', why: 'lawsuit', since: hoursAgo(1).toISOString() } } : {}),
    ...(state === 'deleted' ? { deletion: { startedAt: takenAt, endedAt: takenAt, why: 'It is old.' } } : {}),
    ...changes,
  };
};
