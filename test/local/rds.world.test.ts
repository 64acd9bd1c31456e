import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AddTagsToResourceCommand, DeleteDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { InstanceState } from '../../functions/clients/database-restore.ts';
import { openDatabaseRestore } from '../../functions/clients/databases/open-database-restore.ts';
import { openDatabases } from '../../functions/clients/databases/open-databases.ts';
import { openSnapshotRemoval } from '../../functions/clients/snapshot-removal.ts';
import type { LocalPostgresql } from '../../infra/local/postgresql/start-postgresql.ts';
import { type LocalRds, startRds } from '../../infra/local/rds/start-rds.ts';
import { describeDatabaseRestore } from '../clients/contracts/database-restore.contract.ts';
import { newRegion } from '../support/new-region.ts';
import { waitFor } from '../support/world/wait-for.ts';

/** The stand-in for RDS, asked by the clients of the product: real servers behind it, real copies and a real log. */

const region = newRegion();
const databases = openDatabases(region);
const restores = openDatabaseRestore(region);
const GITLAB = { kind: 'instance', identifier: 'gitlab' } as const;

let folder = '';
let rds: LocalRds;
let gitlab: LocalPostgresql;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-rds-'));
  rds = await startRds({ folder, region, account: '111122223333', report: () => undefined });
  vi.stubEnv('AWS_ENDPOINT_URL_RDS', rds.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  gitlab = await rds.create('gitlab', {
    BackupRetentionPeriod: 7,
    PreferredMaintenanceWindow: 'sun:05:00-sun:05:30',
    DeletionProtection: true,
    KmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/1',
    TagList: [{ Key: 'team', Value: 'platform' }],
  });
  await gitlab.query('create table issues (title text)');
  await write('first');
});
afterEach(() => rds.clearFaults());
afterAll(async () => {
  await rds.stop();
  await rm(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

const write = (title: string) => gitlab.query('insert into issues values ($1)', [title]);
const titles = async (identifier: string): Promise<unknown[]> =>
  (await rds.database(identifier).query('select title from issues order by 1')).map(({ title }) => title);
const available = (identifier: string): Promise<InstanceState> =>
  waitFor(`${identifier} is available`, async () => {
    const found = await restores.find(identifier);
    return found?.status === 'available' && !found.isRenaming && found;
  });
const snapshotOf = (id: string) =>
  waitFor(`snapshot ${id} is there`, async () => {
    const found = await databases.findSnapshot(GITLAB, id);
    return found?.status === 'available' && found;
  });
const settings = async () => (await available('gitlab')).settings;

describeDatabaseRestore('the local RDS', async () => {
  await available('gitlab');
  const { arn } = await databases.createSnapshot(GITLAB, 'contract', {});
  await snapshotOf('contract');
  await available('gitlab');
  const free = `gitlab-restore-${Object.keys(rds.names()).length}`;
  return { databases: restores, instance: 'gitlab', snapshot: arn, free };
});

describe('an instance of the local RDS', () => {
  it('is described as the backup asks for it', async () => {
    const found = await databases.describe('gitlab');
    expect(found).toMatchObject({
      kind: 'instance',
      identifier: 'gitlab',
      arn: `arn:aws:rds:${region}:111122223333:db:gitlab`,
      engine: 'postgres',
      retentionDays: 7,
      allocatedGib: 100,
      kmsKey: 'arn:aws:kms:eu-central-1:111122223333:key/1',
      pending: [],
    });
    expect(found?.engineVersion).toMatch(/^\d+\.\d+$/);
    expect(await databases.describe('nobody')).toBeUndefined();
  });

  it('has a snapshot that holds what was committed, and nothing of later', async () => {
    const made = await databases.createSnapshot(GITLAB, 'drydock-one', { set: '1' });
    expect([made.status, made.takenAt]).toEqual(['creating', undefined]);
    expect(await restores.find('gitlab')).toMatchObject({ status: 'backing-up' });
    const second = databases.createSnapshot(GITLAB, 'drydock-two', {});
    await expect(second).rejects.toMatchObject({ code: 'rds.busy' });
    const { takenAt = '', kmsKey } = await snapshotOf('drydock-one');
    expect(Math.abs(Date.now() - Date.parse(takenAt))).toBeLessThan(5_000);
    expect(kmsKey).toBe('arn:aws:kms:eu-central-1:111122223333:key/1');
    await write('second');
    rds.setSeconds('backing-up', 1);
    await restores.restore('gitlab-snap', { kind: 'snapshot', arn: made.arn }, await settings());
    expect(await restores.find('gitlab-snap')).toMatchObject({ status: 'creating' });
    await available('gitlab-snap');
    expect(await titles('gitlab-snap')).toEqual(['first']);
    expect(await titles('gitlab')).toEqual(['first', 'second']);
    // RDS makes its first backup, of which the status does not tell at once.
    expect(await restores.adjust(await available('gitlab-snap'), await settings())).toBe('busy');
    rds.setSeconds('backing-up', 0.2);
    expect((await databases.createSnapshot(GITLAB, 'drydock-one', {})).takenAt).toBe(takenAt);
  });

  it('goes back to a second by its own log, and to none before its first backup or to come', async () => {
    await write('third');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const at = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await write('fourth');
    const like = await settings();
    await restores.restore('gitlab-time', { kind: 'time', instance: 'gitlab', at }, like);
    await available('gitlab-time');
    expect(await titles('gitlab-time')).toEqual(['first', 'second', 'third']);
    for (const never of ['2020-01-01T00:00:00.000Z', '2040-01-01T00:00:00.000Z']) {
      const restoring = restores.restore('x', { kind: 'time', instance: 'gitlab', at: never }, like);
      await expect(restoring).rejects.toMatchObject({ code: 'rds.refused' });
    }
  });

  it('that is new gets the settings of the old one, some of them only once it is there', async () => {
    const like = await settings();
    const made = await available('gitlab-snap');
    expect(made.settings).toMatchObject({ retentionDays: 1, tags: { team: 'platform' } });
    await waitFor('its first backup is over', async () => (await restores.adjust(made, like)) === 'changed');
    const adjusted = await waitFor('it is adjusted', async () => {
      const { settings: now } = await available('gitlab-snap');
      return now.retentionDays === 7 && now;
    });
    expect({ ...adjusted, port: like.port }).toEqual(like);
  });
});

describe('a name of the local RDS', () => {
  it('is taken over by renaming: clients of the endpoint come to the other server, with the same password', async () => {
    const [old, fresh] = await Promise.all([available('gitlab'), available('gitlab-snap')]);
    const { host, port, master } = gitlab;
    const client = new Client({ host, port, ...master });
    client.on('error', () => undefined);
    await client.connect();
    const lost = new Promise((resolve) => client.once('end', () => resolve('lost')));
    expect(await restores.rename('gitlab', 'gitlab-before-1')).toBe(true);
    expect(await restores.rename('gitlab', 'gitlab-other')).toBe(false);
    expect(await restores.find('gitlab')).toMatchObject({ isRenaming: true });
    expect(await lost).toBe('lost');
    await available('gitlab-before-1');
    await expect(gitlab.query('select 1')).rejects.toThrow(/terminated|ECONNRESET|ended/);
    await waitFor('it takes the name', () => restores.rename('gitlab-snap', 'gitlab'));
    expect((await available('gitlab')).resourceId).toBe(fresh.resourceId);
    expect(rds.names()).toMatchObject({
      [old.resourceId]: 'gitlab-before-1',
      [fresh.resourceId]: 'gitlab',
    });
    expect(rds.database('gitlab')).toMatchObject({ host, port });
    expect(await titles('gitlab')).toEqual(['first']);
    expect(await titles('gitlab-before-1')).toContain('fourth');
  });

  it('that somebody has already is refused', async () => {
    await expect(restores.rename('gitlab', 'gitlab-before-1')).rejects.toMatchObject({ code: 'rds.refused' });
  });
});

describe('what goes wrong', () => {
  it('is what a test says: throttled, forbidden, a snapshot that failed', async () => {
    rds.fault({ operation: 'DescribeDBInstances', error: 'AccessDenied' });
    await expect(restores.find('gitlab')).rejects.toMatchObject({
      code: 'rds.forbidden',
      permission: 'rds:DescribeDBInstances',
    });
    rds.fault({ operation: 'DescribeDBInstances', error: 'Throttling' });
    expect(await restores.find('gitlab')).toBeDefined();
    await available('gitlab');
    rds.endNext('backing-up', 'failed');
    await databases.createSnapshot(GITLAB, 'drydock-bad', {});
    await waitFor('it has failed', async () => {
      return (await databases.findSnapshot(GITLAB, 'drydock-bad'))?.status === 'failed';
    });
  });

  it('is a protected instance that somebody deletes; one that is not is gone with its server', async () => {
    const client = new RDSClient({ region, endpoint: rds.url });
    const end = (DBInstanceIdentifier: string) =>
      client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
    await expect(end('gitlab-before-1')).rejects.toThrow(/Cannot delete protected/);
    const like = { ...(await settings()), deletionProtection: false };
    const time = await available('gitlab-time');
    await waitFor('it takes settings', async () => (await restores.adjust(time, like)) === 'changed');
    await waitFor('it may be deleted', () => end('gitlab-time').then(() => true));
    await waitFor('it is gone', async () => (await restores.find('gitlab-time')) === undefined);
    client.destroy();
  });

  it('is a snapshot that is gone, from which nothing is made', async () => {
    const found = await databases.findSnapshot(GITLAB, 'drydock-one');
    const arn = found?.arn ?? '';
    const client = new RDSClient({ region, endpoint: rds.url });
    await client.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: [{ Key: 'a', Value: 'b' }] }));
    client.destroy();
    await openSnapshotRemoval().remove(arn);
    expect(await databases.findSnapshot(GITLAB, 'drydock-one')).toBeUndefined();
    const restoring = restores.restore('gitlab-none', { kind: 'snapshot', arn }, await settings());
    await expect(restoring).rejects.toMatchObject({ code: 'rds.missing' });
    expect(rds.calls('DeleteDBSnapshot')).toHaveLength(1);
  });
});
