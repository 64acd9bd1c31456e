import { randomUUID } from 'node:crypto';
import { CreateDBInstanceCommand, CreateDBSnapshotCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import type { RestoreVersionsFact } from '../../functions/backup/restore/native/native-facts.ts';
import { workOnVersions } from '../../functions/backup/restore/native/versions-work.ts';
import { beginRun } from '../../functions/backup/restore/run-life.ts';
import type { CurrentStep } from '../../functions/backup/restore/run-steps.ts';
import { openDatabaseRestore } from '../../functions/clients/databases/open-database-restore.ts';
import { openObjectCopier } from '../../functions/clients/object-copy.ts';
import { openObjectVersions } from '../../functions/clients/object-versions.ts';
import { buildExecution, buildPlan } from '../backup/restore/restore-builders.ts';
import { useAws } from '../support/world/use-aws.ts';
import { describeDatabaseRestore } from './contracts/database-restore.contract.ts';

/** Versions of a bucket and databases of the local AWS, with the real SDK on both sides of the wire. */

const local = useAws({ inEnvironment: true });

describe('a bucket of the local S3', () => {
  const Bucket = `uploads-${randomUUID().slice(0, 8)}`;
  const put = (Key: string, Body: string) =>
    local().s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/plain' }));
  const remove = (Key: string) => local().s3.send(new DeleteObjectCommand({ Bucket, Key }));
  const state = async (): Promise<Record<string, string>> => {
    const { Contents = [] } = await local().s3.send(new ListObjectsV2Command({ Bucket }));
    const pairs = Contents.map(async ({ Key = '' }) => {
      const { Body } = await local().s3.send(new GetObjectCommand({ Bucket, Key }));
      return [Key, (await Body?.transformToString()) ?? ''] as const;
    });
    return Object.fromEntries(await Promise.all(pairs));
  };
  const countVersions = async (): Promise<number> => {
    const { Versions = [] } = await local().s3.send(new ListObjectVersionsCommand({ Bucket }));
    return Versions.length;
  };
  /** S3 knows whole seconds. */
  const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1_100));

  const goBack = async (at: string, current: Pick<CurrentStep, 'step' | 'back'>, closedAt: string) => {
    const begun = beginRun(buildPlan(), { execution: buildExecution(), fence: 1 }, new Date());
    const steps = begun.steps.map((one) => (one.step === 'quiesce' ? { ...one, endedAt: closedAt } : one));
    const native = { buckets: [{ component: 'uploads' as const, bucket: Bucket, at }] };
    const counts = { bucket: 0, isDone: false, keys: 0, copied: 0, marked: 0 };
    const fact: RestoreVersionsFact = {
      version: 1,
      way: 'restore',
      step: current.step,
      attempt: 1,
      startedAt: at,
      readAt: at,
      ...counts,
    };
    const { region } = local().aws;
    const tools = {
      versions: openObjectVersions(region, { client: local().s3 }),
      copier: openObjectCopier(region, { client: local().s3 }),
      isOurs: async () => true,
      isOver: () => false,
      keep: async (one: RestoreVersionsFact) => one,
    };
    const step: CurrentStep = { way: 'restore', attempt: 1, since: at, ...current };
    return workOnVersions(
      { run: { ...begun, steps }, current: step, native, fact },
      tools,
      AbortSignal.timeout(60_000),
    );
  };

  it('goes back to a moment, stays there the second time, and comes forward again, and loses no version', async () => {
    await local().s3.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await local().s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    await put('stays', '1');
    await put('replaced', 'old');
    await put('deleted ä+b', 'old');
    await put('gone/before', 'old');
    await remove('gone/before');
    const then = await state();
    const at = new Date().toISOString();
    await nextSecond();
    await put('replaced', 'new');
    await remove('deleted ä+b');
    await put('made', 'new');
    await put('gone/before', 'new');
    const before = await state();
    const versions = await countVersions();
    const closedAt = new Date().toISOString();
    await nextSecond();
    const forward = { step: 'restore-objects' as const, back: false };
    expect(await goBack(at, forward, closedAt)).toMatchObject({
      isDone: true,
      keys: 5,
      copied: 2,
      marked: 2,
    });
    expect(await state()).toEqual(then);
    expect(await goBack(at, forward, closedAt)).toMatchObject({ isDone: true, copied: 0, marked: 0 });
    await nextSecond();
    expect(await goBack(at, { ...forward, back: true }, closedAt)).toMatchObject({
      isDone: true,
      copied: 3,
      marked: 1,
    });
    expect(await state()).toEqual(before);
    expect(await countVersions()).toBe(versions + 5);
  });
});

/** It plays no rename and takes few of the settings: those are tested against what the API reference has. */
describeDatabaseRestore('the local AWS', async () => {
  const { region, url: endpoint, credentials } = local().aws;
  const rds = new RDSClient({ region, endpoint, credentials });
  const databases = openDatabaseRestore(region);
  const DBInstanceIdentifier = `gitlab-${randomUUID().slice(0, 8)}`;
  const shape = { Engine: 'postgres', DBInstanceClass: 'db.m7g.large', AllocatedStorage: 100 };
  const owner = { MasterUsername: 'gitlab', MasterUserPassword: randomUUID(), BackupRetentionPeriod: 7 };
  await rds.send(new CreateDBInstanceCommand({ DBInstanceIdentifier, ...shape, ...owner }));
  const ready = async () =>
    expect(await databases.find(DBInstanceIdentifier)).toMatchObject({ status: 'available' });
  await vi.waitFor(ready, { timeout: 30_000, interval: 200 });
  const DBSnapshotIdentifier = `drydock-${DBInstanceIdentifier}`;
  const { DBSnapshot } = await rds.send(
    new CreateDBSnapshotCommand({ DBInstanceIdentifier, DBSnapshotIdentifier }),
  );
  return {
    databases,
    instance: DBInstanceIdentifier,
    snapshot: DBSnapshot?.DBSnapshotArn ?? '',
    free: `${DBInstanceIdentifier}-restore-1`,
  };
});
