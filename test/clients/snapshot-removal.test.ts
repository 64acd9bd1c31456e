import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSnapshotRemoval } from '../../functions/clients/snapshot-removal.ts';
import { type AwsQueryEndpoint, startAwsQueryEndpoint } from '../support/aws-query-endpoint.ts';

let rds: AwsQueryEndpoint;
beforeAll(async () => {
  rds = await startAwsQueryEndpoint();
  vi.stubEnv('AWS_ENDPOINT_URL', rds.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', '111122223333');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rds.stop();
});

const arn = (kind: string, id: string): string => `arn:aws:rds:eu-central-1:111122223333:${kind}:${id}`;

describe('the removal of a snapshot', () => {
  it.each([
    ['an instance', 'snapshot', 'DeleteDBSnapshot', 'DBSnapshotIdentifier'],
    ['a cluster', 'cluster-snapshot', 'DeleteDBClusterSnapshot', 'DBClusterSnapshotIdentifier'],
  ])('of %s names it, and it alone', async (_, kind, action, parameter) => {
    rds.answer(action, () => ({ xml: '' }));
    await openSnapshotRemoval().remove(arn(kind, 'drydock-production-1'));
    const call = rds.calls.at(-1);
    expect([call?.get('Action'), call?.get(parameter)]).toEqual([action, 'drydock-production-1']);
  });

  it.each([
    ['snapshot', 'DeleteDBSnapshot', 'DBSnapshotNotFound'],
    ['cluster-snapshot', 'DeleteDBClusterSnapshot', 'DBClusterSnapshotNotFoundFault'],
  ])('of a %s that is gone is no error', async (kind, action, error) => {
    rds.answer(action, () => ({ error, status: 404 }));
    await expect(openSnapshotRemoval().remove(arn(kind, 'drydock-1'))).resolves.toBeUndefined();
  });

  it.each([
    arn('snapshot', 'rds:gitlab-2026-11-21-03-00'),
    arn('snapshot', 'awsbackup:job-1'),
    arn('db', 'gitlab'),
    'drydock-1',
  ])('leaves %s alone, which nobody made by hand', async (other) => {
    const before = rds.calls.length;
    await expect(openSnapshotRemoval().remove(other)).rejects.toMatchObject({ code: 'rds.not-ours' });
    expect(rds.calls).toHaveLength(before);
  });

  it('says which right is missing', async () => {
    rds.answer('DeleteDBSnapshot', () => ({ error: 'AccessDenied', status: 403 }));
    await expect(openSnapshotRemoval().remove(arn('snapshot', 'drydock-1'))).rejects.toMatchObject({
      code: 'rds.forbidden',
      permission: 'rds:DeleteDBSnapshot',
    });
  });
});
