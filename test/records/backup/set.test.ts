import { describe, expect, it } from 'vitest';
import { backupId } from '../../../functions/backup/job/backup-id.ts';
import { freshnessKey } from '../../../functions/records/backup/freshness.ts';
import {
  type BackupSet,
  backupSetKey,
  backupSetKind,
  setVerificationKey,
} from '../../../functions/records/backup/set.ts';
import { BackupSetId } from '../../../functions/records/backup/set-id.ts';
import { backupSetIndexKey, backupSetIndexKind } from '../../../functions/records/backup/set-index.ts';
import { buildSet } from '../../support/backup-sets.ts';

const ID = '1795230000_2026_11_21_18.10.0-ee';
const object = {
  bucket: 'gitlab-backups',
  key: `${ID}_gitlab_backup.tar`,
  etag: '"1"',
  size: 2_000_000_000_000,
  lastModified: '2026-11-21T04:50:00.000Z',
};
const takenAt = '2026-11-21T03:02:00.000Z';

/** Every kind of part that a set may have. */
const PARTS: BackupSet['parts'] = [
  { kind: 'archive', takenAt, object, contents: [{ part: 'db', members: 2, bytes: 4_000_000_000 }] },
  {
    kind: 'database',
    takenAt,
    instance: 'gitlab',
    latestRestorableTime: takenAt,
    snapshot: { arn: 'arn:aws:rds:eu-central-1:111122223333:snapshot:drydock-1' },
  },
  {
    kind: 'bucket',
    takenAt,
    component: 'registry',
    bucket: 'gl-registry',
    at: takenAt,
    versioning: 'enabled',
    noncurrentDays: 90,
    replication: { status: 'behind', to: 'gl-registry-replica', pending: 12 },
  },
  { kind: 'gitaly', takenAt, id: ID, bucket: 'gl-gitaly', projects: 4_014, size: 400_000_000_000 },
  {
    kind: 'recovery-point',
    takenAt,
    arn: 'arn:aws:backup:eu-central-1:111122223333:recovery-point:1',
    vault: 'gitlab',
    resource: 'arn:aws:rds:eu-central-1:111122223333:db:gitlab',
    resourceType: 'RDS',
  },
];

describe('a manifest', () => {
  it('of a native set keeps every part as it was written', () => {
    const set = buildSet({ kind: 'native', parts: PARTS });
    expect(backupSetKind.schema.parse(JSON.parse(JSON.stringify(set)))).toEqual(set);
  });

  it('as the first release writes at least is read by every later one', () => {
    const first = {
      version: 1,
      id: ID,
      environment: 'production',
      policy: 'daily',
      kind: 'tar',
      state: 'running',
      execution: { arn: 'arn', name: 'daily-1', startedAt: takenAt },
      gitlabVersion: '18.10.0-ee',
      startedAt: takenAt,
    };
    expect(backupSetKind.schema.parse(first)).toEqual({
      ...first,
      skip: [],
      timings: {},
      parts: [],
      needs: [],
      copies: [],
    });
  });

  it.each<[string, object]>([
    ['of a version that is not known', { version: 2 }],
    ['that is verified without a verification', { verification: undefined }],
    ['that is incomplete while its verification says verified', { state: 'incomplete' }],
    ['that is verified and of no known time', { takenAt: undefined }],
    ['that is deleted and does not say when', { state: 'deleted' }],
    [
      'that says when it was deleted, and is not',
      { deletion: { startedAt: takenAt, endedAt: takenAt, why: 'old' } },
    ],
    [
      'that is deleted while its deletion goes on',
      { state: 'deleted', deletion: { startedAt: takenAt, why: 'old' } },
    ],
    ['whose id GitLab would not prune', { id: 'daily' }],
    ['whose id leaves its folder', { id: '1795230000_2026_11_21_../x' }],
    ['with half a byte', { size: 0.5 }],
  ])('%s is refused', (_, changes) => {
    expect(backupSetKind.schema.safeParse({ ...buildSet(), ...changes }).success).toBe(false);
  });

  it('counts sizes beyond 32 bits exactly', () => {
    const set = buildSet({ size: 2 ** 52 + 1 });
    expect(backupSetKind.schema.parse(JSON.parse(JSON.stringify(set))).size).toBe(2 ** 52 + 1);
  });
});

describe('an index', () => {
  it('as the first release writes at least is read by every later one', () => {
    const sets = [{ id: ID, policy: 'daily', kind: 'tar', state: 'failed', takenAt }];
    const first = { version: 1, environment: 'production', policy: 'daily', since: takenAt, sets };
    expect(backupSetIndexKind.schema.parse(first)).toEqual({
      ...first,
      left: 0,
      sets: [{ ...sets[0], skip: [], needs: [], legalHold: false }],
    });
  });
});

it.each<[string, string]>([
  [backupSetKey('production', ID), `backup/sets/production/${ID}/manifest.json`],
  [
    setVerificationKey('production', ID, takenAt),
    `backup/sets/production/${ID}/verifications/${takenAt}.json`,
  ],
  [backupSetIndexKey('production', 'daily'), 'backup/environments/production/policies/daily/sets.json'],
  [freshnessKey('production'), 'backup/environments/production/freshness.json'],
])('%s is the key', (key, expected) => {
  expect(key).toBe(expected);
});

it.each(['18.10.0-ee', '19.6.0', '19.6.0-rc42-ee', '19.6.0+rnightly.1'])(
  'a backup of GitLab %s has an id that a set may have',
  (version) => {
    const id = backupId(new Date('2026-11-21T03:00:00.000Z'), version);
    expect(BackupSetId.parse(id)).toBe(id);
  },
);
