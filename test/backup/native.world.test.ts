import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { DescribeDBInstancesCommand, DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RestoreRun } from '../../functions/records/backup/restore.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';
import { NATIVE, SOURCE_BUCKETS } from '../../infra/local/gitlab-release/names.ts';
import { ENVIRONMENT } from '../../infra/local/world/configuration.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { viewBackups } from '../support/world/backups.ts';
import { type GitLabContent, viewContent } from '../support/world/gitlab-content.ts';
import { viewRestores } from '../support/world/restores.ts';
import { waitForEnd } from '../support/world/run-machine.ts';
import { useWorld } from '../support/world/use-world.ts';

/**
 * Native sets on the local world, made and restored in place by the machines: a database of the local RDS with real
 * servers, snapshots and names, real versions in S3, and bundles in the bucket of Gitaly. Waits are a sixteenth.
 */
const world = useWorld(() => ({}), { waitScale: 0.06, gitlabRelease: { native: true } });
const backups = viewBackups(world);
const content = viewContent(world);
const restores = viewRestores(world);

/** A safety backup, a restore and its checks, each in a cold Lambda of a busy machine. */
const PATIENT = { timeout: 300_000 };

let set: BackupSet;
let saved: GitLabContent;
let standing: Record<string, number | boolean>;
/** What stays the same of the instance that there is from the beginning. */
let first = '';
beforeAll(async () => {
  saved = await content.read();
  standing = await restores.standing();
  first = identify(NATIVE.instance);
  const arn = await backups.start('native');
  await backups.end(arn);
  set = await backups.set(arn);
});
afterEach(() => backups.trouble({}));

const rds = () => {
  const found = world().rds;
  if (!found) throw new Error('The world has an RDS.');
  return found;
};
/** What stays the same of whatever has an identifier. */
const identify = (identifier: string): string =>
  Object.entries(rds().names()).find(([, name]) => name === identifier)?.[0] ?? '';
const startApproved = async (): Promise<string> => {
  const arn = await restores.start({ set: set.id });
  await restores.approve(arn);
  return arn;
};
const isSafe =
  (arn: string) =>
  ({ execution, safetySet }: RestoreRun): boolean =>
    execution.arn === arn && safetySet !== undefined;
/** Beside what `damage` does, an object that is there gets another content. */
const damage = async (mark: string): Promise<GitLabContent> => {
  await content.damage(mark);
  const { url, credentials, region } = world().aws;
  const s3 = connectS3(url, credentials, region);
  const Bucket = SOURCE_BUCKETS.packages;
  const { Contents: [one] = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: one?.Key ?? '', Body: mark }));
  const damaged = await content.read();
  expect(damaged).not.toEqual(saved);
  return damaged;
};

describe('a native set', () => {
  it('is verified by the snapshot, the versions and the repositories that it marks', () => {
    expect(set).toMatchObject({ kind: 'native', state: 'verified' });
    const [database] = set.parts.filter(({ kind }) => kind === 'database');
    expect(database).toMatchObject({
      instance: NATIVE.instance,
      snapshot: { arn: expect.stringContaining(':snapshot:drydock-local-') },
    });
    const buckets = set.parts.flatMap((part) => (part.kind === 'bucket' ? part : []));
    expect(buckets.map(({ bucket }) => bucket).toSorted()).toEqual(Object.values(SOURCE_BUCKETS).toSorted());
    expect(new Set(buckets.map(({ versioning }) => versioning))).toEqual(new Set(['enabled']));
    expect(set.parts).toContainEqual(
      expect.objectContaining({ kind: 'gitaly', id: set.id, bucket: NATIVE.gitalyBucket, projects: 6 }),
    );
  });

  it('whose snapshot fails, or of which Gitaly wrote too little, is incomplete', async () => {
    rds().endNext('backing-up', 'failed');
    backups.trouble({ failedRepository: true });
    const arn = await backups.start('native');
    const { outcome, reasons } = await backups.end(arn);
    expect(outcome).toBe('incomplete');
    expect(reasons.join('\n')).toMatch(/[Ss]napshot/);
  });
});

it('the RDS of this world asks IAM, so that a right that is missing here is missing on AWS', async () => {
  const { url: endpoint, region, account, credentials } = world().aws;
  const iam = new IAMClient({ endpoint, region, credentials });
  const UserName = 'guest';
  const Resource = `arn:aws:rds:${region}:${account}:db:${NATIVE.instance}`;
  const Statement = [{ Effect: 'Allow', Action: 'rds:DescribeDBInstances', Resource }];
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'look', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const guest = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  const client = new RDSClient({ endpoint: rds().url, region, credentials: guest });
  const look = (DBInstanceIdentifier: string) =>
    client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  expect((await look(NATIVE.instance)).DBInstances).toHaveLength(1);
  await expect(look('another')).rejects.toMatchObject({ name: 'AccessDenied' });
  const snapshots = client.send(new DescribeDBSnapshotsCommand({}));
  await expect(snapshots).rejects.toThrow(/not authorized to perform: rds:DescribeDBSnapshots/);
});

describe('a restore of a native set in place', PATIENT, () => {
  it('brings back every row, object and repository, and keeps the database of before beside', async () => {
    await damage('first');
    const arn = await startApproved();
    const { outcome, reasons } = await restores.end(arn);
    expect([outcome, reasons]).toEqual(['restored', expect.anything()]);
    expect(await content.read()).toEqual(saved);
    expect(await restores.standing()).toEqual(standing);
    const run = await restores.run();
    expect(run.findings.filter(({ result }) => result === 'fail')).toEqual([]);
    const { kept = '', interim = '' } = run.plan.native?.database ?? {};
    expect([identify(kept), identify(interim)]).toEqual([first, '']);
    expect(identify(NATIVE.instance)).not.toBe(first);
    const [row] = await rds()
      .database(kept)
      .query("select count(*) from issues where title = 'first'", [], {
        ...content.release().login,
      });
    expect(Number(row?.['count'])).toBeGreaterThan(0);
    expect(await restores.isFree()).toBe(true);
  });

  it('leaves the set as good as it was: read again, its snapshot, versions and manifests are there', async () => {
    const machine = world().site.backup?.machines.verification ?? '';
    const arn = await world().executions.start(machine, { environment: ENVIRONMENT, id: set.id });
    const { status, output } = await waitForEnd(world(), arn);
    expect([status, JSON.parse(output ?? '{}')]).toEqual([
      'SUCCEEDED',
      expect.objectContaining({ outcome: 'verified' }),
    ]);
  });

  it('that fails at the repositories is put back to what was there before, names and all', async () => {
    const before = await damage('second');
    const instance = identify(NATIVE.instance);
    const arn = await startApproved();
    await restores.until('its safety backup is made', isSafe(arn));
    backups.trouble({ failsAt: 'repositories' });
    const [page] = await restores.pages(arn);
    backups.trouble({});
    const { plan } = await restores.run();
    expect(identify(plan.native?.database?.kept ?? '')).toBe(instance);
    expect(await content.read()).not.toEqual(before);
    if (page) await restores.choose(page, 'put-back');
    expect((await restores.end(arn)).outcome).toBe('put-back');
    expect(await content.read()).toEqual(before);
    expect(identify(NATIVE.instance)).toBe(instance);
    expect(await restores.standing()).toEqual(standing);
  });
});
