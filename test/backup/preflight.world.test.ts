import { DeleteBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { BatchV1Api } from '@kubernetes/client-node';
import { afterEach, describe, expect, it } from 'vitest';
import { PreflightRecord } from '../../functions/backup/preflight/preflight-record.ts';
import { ProbeRecord } from '../../functions/backup/probe/probe-record.ts';
import { backupRunKey, type RunFact } from '../../functions/records/backup/run.ts';
import {
  BACKUP_BUCKETS,
  GITLAB,
  OBJECTS_ROLE,
  SOURCE_BUCKETS,
} from '../../infra/local/gitlab-release/names.ts';
import { ENVIRONMENT } from '../../infra/local/world/configuration.ts';
import { loadKubeconfig } from '../support/admin-connection.ts';
import { viewBackups } from '../support/world/backups.ts';
import { useWorld } from '../support/world/use-world.ts';

/**
 * What is looked at before a backup, on the local world: a pod of the chart's CronJob in a real shell, under the role of
 * its ServiceAccount, a real API server, and the simulation of IAM.
 */
const policies = { daily: { schedule: 'cron(0 3 * * ? *)', versions: [] } };
const world = useWorld(() => ({}), { waitScale: 0.06, gitlabRelease: { backup: { policies } } });
const backups = viewBackups(world);

const s3 = () =>
  new S3Client({
    endpoint: world().aws.url,
    region: world().aws.region,
    credentials: world().aws.credentials,
    forcePathStyle: true,
  });
const UPLOADS = SOURCE_BUCKETS.uploads;

/** A fact of the run of an execution. */
const factOf = async (arn: string, fact: RunFact): Promise<unknown> => {
  const { id } = await backups.set(arn);
  return JSON.parse(await world().ledger.read(backupRunKey({ environment: ENVIRONMENT, id }, fact)));
};
const probeOf = async (arn: string) => ProbeRecord.parse(await factOf(arn, 'probe')).found;
const preflightOf = async (arn: string) => PreflightRecord.parse(await factOf(arn, 'preflight'));

afterEach(() => s3().send(new DeleteBucketPolicyCommand({ Bucket: UPLOADS })));

describe('before a backup', () => {
  it('a pod under its ServiceAccount has its role and lists every bucket, and nothing speaks against it', async () => {
    const arn = await backups.start();
    expect(await backups.end(arn)).toMatchObject({ outcome: 'verified' });
    const found = await probeOf(arn);
    expect(found).toMatchObject({ known: true, identity: expect.stringContaining(`/${OBJECTS_ROLE}/`) });
    const listed = found.known ? found.listed : {};
    expect(Object.keys(listed)).toEqual(expect.arrayContaining([UPLOADS, BACKUP_BUCKETS.archives]));
    expect(new Set(Object.values(listed))).toEqual(new Set(['listed']));
    expect(await backups.jobs()).toEqual([(await backups.set(arn)).id]);

    const { mayStart, results } = await preflightOf(arn);
    expect(mayStart).toBe(true);
    // Before a first archive no size is known, the disk is that of a node, and the database is none of RDS.
    const open = results.filter(({ code, outcome }) => code !== 'values-traps' && outcome !== 'pass');
    expect(open.map(({ code, outcome }) => `${code}: ${outcome}`)).toEqual([
      'scratch-space: not-checked',
      'upload-ceiling: not-checked',
      'database-ready: not-checked',
    ]);
  });
});

describe('a backup is refused, and no Job is made of it', () => {
  it('when a policy of a bucket, which IAM does not simulate, keeps its pod out', async () => {
    const role = `arn:aws:iam::${world().aws.account}:role/${OBJECTS_ROLE}`;
    const Resource = `arn:aws:s3:::${UPLOADS}`;
    const Statement = [{ Effect: 'Deny', Principal: { AWS: role }, Action: 's3:ListBucket', Resource }];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await s3().send(new PutBucketPolicyCommand({ Bucket: UPLOADS, Policy }));
    const before = await backups.jobs();
    const arn = await backups.start();
    const { outcome, reasons } = await backups.end(arn);
    expect(outcome).toBe('refused');
    expect(reasons.join('\n')).toContain(`The pod may not list ${UPLOADS}; the tool would skip it`);
    expect(await probeOf(arn)).toMatchObject({ listed: { [UPLOADS]: 'denied' } });
    expect(await backups.jobs()).toEqual(before);
    expect(await backups.isFree()).toBe(true);
  });

  it('when the CronJob of the chart has a clock of its own', async () => {
    const batch = loadKubeconfig(world().cluster.kubeconfig).makeApiClient(BatchV1Api);
    const where = { namespace: GITLAB.namespace, name: `${GITLAB.release}-toolbox-backup` };
    const suspend = async (value: boolean) =>
      batch.patchNamespacedCronJob({ ...where, body: [{ op: 'add', path: '/spec/suspend', value }] });
    await suspend(false);
    try {
      const { outcome, reasons } = await backups.end(await backups.start());
      expect([outcome, reasons[0]]).toEqual(['refused', expect.stringContaining('not suspended')]);
    } finally {
      await suspend(true);
    }
  });
});
