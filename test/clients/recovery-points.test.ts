import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRecoveryPoints } from '../../functions/clients/recovery-points.ts';
import { type CannedAnswer, type CannedServer, startCannedServer } from '../support/canned-server.ts';

/** Vaults of AWS Backup; answers as its API writes them, since nothing here runs that service. */

const RESOURCE = 'arn:aws:elasticfilesystem:eu-central-1:111122223333:file-system/fs-1';
let decide: (path: string) => CannedAnswer;
let server: CannedServer;

beforeEach(async () => {
  server = await startCannedServer((path) => decide(path));
  vi.stubEnv('AWS_ENDPOINT_URL_BACKUP', server.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
});

/** Each test has a region of its own, since a client keeps its endpoint. */
let region = 0;
const list = () => openRecoveryPoints(`eu-test-${++region}`).list('gitlab', RESOURCE);

const json = (body: object, status = 200): CannedAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body,
});
const seconds = (iso: string): number => Date.parse(iso) / 1_000;
const point = (name: string, created: string, more: object = {}) => ({
  RecoveryPointArn: `arn:aws:backup:eu-central-1:111122223333:recovery-point:${name}`,
  CreationDate: seconds(created),
  Status: 'COMPLETED',
  ResourceType: 'EFS',
  BackupSizeInBytes: 3_000_000_000_000,
  ...more,
});

describe('recovery points of a resource', () => {
  it('come newest first, with the moment that each holds', async () => {
    const kept = { CalculatedLifecycle: { DeleteAt: seconds('2026-12-21T02:00:00Z') } };
    decide = () =>
      json({
        RecoveryPoints: [point('old', '2026-11-20T02:00:00Z'), point('new', '2026-11-21T02:00:00Z', kept)],
      });
    const found = await list();
    expect(found.map(({ arn }) => arn.slice(-3))).toEqual(['new', 'old']);
    expect(found[0]).toEqual({
      arn: 'arn:aws:backup:eu-central-1:111122223333:recovery-point:new',
      vault: 'gitlab',
      resource: RESOURCE,
      resourceType: 'EFS',
      takenAt: '2026-11-21T02:00:00.000Z',
      size: 3_000_000_000_000,
      deletedAfter: '2026-12-21T02:00:00.000Z',
    });
    expect(found[1]).not.toHaveProperty('deletedAfter');
    const asked = new URL(server.requests[0]?.path ?? '', 'http://test');
    expect(asked.pathname).toBe('/backup-vaults/gitlab/recovery-points');
    expect(asked.searchParams.get('resourceArn')).toBe(RESOURCE);
  });

  it.each<[string, object]>([
    ['is not finished', { Status: 'PARTIAL' }],
    ['is being deleted', { Status: 'DELETING' }],
    ['has expired', { Status: 'EXPIRED' }],
    ['is continuous', { RecoveryPointArn: 'arn:aws:backup:eu-central-1:1:recovery-point:continuous:db-1' }],
    ['has no moment', { CreationDate: undefined }],
  ])('one that %s is none', async (_, more) => {
    decide = () =>
      json({
        RecoveryPoints: [point('new', '2026-11-21T02:00:00Z', more), point('old', '2026-11-20T02:00:00Z')],
      });
    expect((await list()).map(({ arn }) => arn.slice(-3))).toEqual(['old']);
  });

  it('are read page by page', async () => {
    decide = (path) =>
      path.includes('nextToken')
        ? json({ RecoveryPoints: [point('new', '2026-11-21T02:00:00Z')] })
        : json({ RecoveryPoints: [point('old', '2026-11-20T02:00:00Z')], NextToken: 'more' });
    expect((await list()).map(({ arn }) => arn.slice(-3))).toEqual(['new', 'old']);
  });

  it.each([
    ['AccessDeniedException', 403, 'aws-backup.forbidden'],
    ['ResourceNotFoundException', 404, 'aws-backup.missing'],
    ['InvalidParameterValueException', 400, 'aws-backup.refused'],
  ])('%s ends in an error of ours', async (type, status, code) => {
    decide = () => json({ __type: type, message: 'no' }, status);
    await expect(list()).rejects.toMatchObject({ name: 'RefusedError', code });
  });
});
