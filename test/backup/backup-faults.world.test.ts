import { DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { paginateGetExecutionHistory } from '@aws-sdk/client-sfn';
import { BatchV1Api } from '@kubernetes/client-node';
import { afterEach, describe, expect, it } from 'vitest';
import { backupSetKey } from '../../functions/records/backup/set.ts';
import { VerifiedBackup, verifiedBackupKey } from '../../functions/records/verified-backup.ts';
import { BACKUP_BUCKETS, SECRETS_KEY_ALIAS } from '../../infra/local/gitlab-release/names.ts';
import { ENVIRONMENT } from '../../infra/local/world/configuration.ts';
import { loadKubeconfig } from '../support/admin-connection.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { clientSettings } from '../support/world/aws-views.ts';
import { viewBackups } from '../support/world/backups.ts';
import { viewContent } from '../support/world/gitlab-content.ts';
import { viewRestores } from '../support/world/restores.ts';
import { useFaultyWorld } from '../support/world/use-faulty-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

/**
 * Backups and restores while parts around them fail: S3 and the API server behind proxies that break what a test says, a
 * KMS key that is disabled, clocks that differ, sets that somebody deletes. Real Step Functions, Lambdas, API server, and a
 * toolbox that writes true archives. Waits are a sixteenth.
 */
const policies = { daily: { schedule: 'cron(0 3 * * ? *)', versions: [] } };
const world = useFaultyWorld(() => ({}), { waitScale: 0.06, gitlabRelease: { backup: { policies } } });
const backups = viewBackups(world);
const restores = viewRestores(world);
const content = viewContent(world);

const MINUTE_MS = 60_000;
const PATIENT = { timeout: 300_000 };

/** Makes a backup and comes back when it has ended. */
const makeBackup = async () => {
  const arn = await backups.start();
  const end = await backups.end(arn);
  return { arn, end, set: await backups.set(arn) };
};
/** The set that gates go by, the newest that is whole; none at first. */
const readGate = async (): Promise<string | undefined> => {
  const text = await world()
    .ledger.read(verifiedBackupKey(ENVIRONMENT))
    .catch(() => undefined);
  return text === undefined ? undefined : VerifiedBackup.parse(JSON.parse(text)).set;
};
const deleteObject = (Bucket: string, Key: string) => {
  const { url, credentials, region } = world().aws;
  return connectS3(url, credentials, region).send(new DeleteObjectCommand({ Bucket, Key }));
};

afterEach(() => {
  backups.trouble({});
  world().faults.aws.clear();
});

describe('an S3 that is busy, slow, cuts bodies off and loses answers', () => {
  it('costs a backup nothing but time: it is verified, by one Job, and told once', PATIENT, async () => {
    const { aws } = world().faults;
    const busy = { status: 503, body: '<Error><Code>SlowDown</Code><Message>Slow</Message></Error>' };
    const faults = [
      [{ method: 'GET', path: '_gitlab_backup.tar' }, busy, 2],
      [{ method: 'GET', path: '_gitlab_backup.tar' }, { cutAfterBytes: 100 }, 2],
      [{ method: 'GET', path: '_gitlab_backup.tar' }, { delayAnswerMs: 300 }, 2],
      [{ method: 'GET', path: 'backup/runs/' }, { cutAfterBytes: 10 }, 2],
      [{ method: 'PUT', path: 'backup/runs/' }, { loseAnswer: true }, 2],
      [{ method: 'PUT', path: 'backup/sets/' }, busy, 2],
      [{ method: 'PUT', path: 'backup/sets/' }, { loseAnswer: true }, 2],
      [{ method: 'PUT', path: BACKUP_BUCKETS.secrets }, { loseAnswer: true }, 1],
    ] as const;
    for (const [matcher, fault, times] of faults) aws.inject(matcher, fault, times);
    const { arn, end, set } = await makeBackup();
    expect(end).toMatchObject({ outcome: 'verified' });
    for (const [matcher, , times] of faults) expect(aws.count(matcher)).toBeGreaterThan(times);
    expect((await backups.jobs()).filter((id) => id === set.id)).toHaveLength(1);
    expect(await backups.told(arn)).toHaveLength(1);
  });
});

describe('a disabled KMS key of the secrets', () => {
  it('leaves a set that says so, the archive in it, and the gate as it was', async () => {
    const kms = new KMSClient(clientSettings(world()));
    const before = await readGate();
    await kms.send(new DisableKeyCommand({ KeyId: SECRETS_KEY_ALIAS }));
    const { arn, end, set } = await makeBackup();
    await kms.send(new EnableKeyCommand({ KeyId: SECRETS_KEY_ALIAS }));
    expect(end.outcome).toBe('incomplete');
    expect(end.reasons.join('\n')).toMatch(/KMS key .* can not be used .*Enable it/);
    expect(set.parts).toMatchObject([
      { kind: 'archive', contents: expect.arrayContaining([expect.objectContaining({ part: 'db' })]) },
    ]);
    expect(set).not.toHaveProperty('secrets');
    expect(await readGate()).toBe(before);
    expect(await backups.told(arn)).toMatchObject([{ outcome: 'incomplete', severity: 'critical' }]);
  });
});

/** Attempts of an execution that got no answer so far. */
const countAttempts = async (executionArn: string): Promise<number> => {
  let failed = 0;
  const pages = paginateGetExecutionHistory({ client: world().executions.sfn }, { executionArn });
  for await (const { events = [] } of pages) {
    failed += events.filter(
      ({ taskFailedEventDetails }) => taskFailedEventDetails?.error === 'TransientError',
    ).length;
  }
  return failed;
};

describe('an API server that is away for five minutes', () => {
  it(
    'as a backup begins is waited for, and the key that was disabled before is used again',
    PATIENT,
    async () => {
      const { apiServer } = world().faults;
      await apiServer.down();
      const arn = await backups.start();
      try {
        // Ten pauses of 1, 2, 4, 8, 16, 32 and then 60 seconds each: 303 in all.
        await waitFor('five minutes of pauses are over', async () => (await countAttempts(arn)) > 10);
      } finally {
        await apiServer.up();
      }
      expect((await backups.end(arn)).outcome).toBe('verified');
      const set = await backups.set(arn);
      expect(set.secrets?.object.bucket).toBe(BACKUP_BUCKETS.secrets);
    },
  );
});

describe('a tool that hangs', () => {
  it('is ended by the deadline of its Job, and the backup says so', async () => {
    const batch = loadKubeconfig(world().cluster.kubeconfig).makeApiClient(BatchV1Api);
    backups.trouble({ hangsAt: 'uploads' });
    const arn = await backups.start();
    const { name, namespace } = await backups.running(arn);
    // Its own is hours away.
    const body = [{ op: 'replace', path: '/spec/activeDeadlineSeconds', value: 1 }];
    await batch.patchNamespacedJob({ name, namespace, body });
    const end = await backups.end(arn);
    expect([end.outcome, end.reasons.join('\n')]).toEqual(['failed', expect.stringMatching(/deadline/i)]);
    expect(await backups.isFree()).toBe(true);
  });
});

describe('a set that somebody deletes in the middle of its restore', PATIENT, () => {
  const startRestore = async () => {
    const before = { standing: await restores.standing(), content: await content.read() };
    const set = (await readGate()) ?? (await makeBackup()).set.id;
    const arn = await restores.start({ set });
    await restores.approve(arn);
    await restores.until('it has begun', ({ execution }) => execution.arn === arn);
    return { arn, set, before };
  };

  it.each<[string, (set: string) => readonly [string, string], (set: string) => string]>([
    [
      'archive',
      (set) => [BACKUP_BUCKETS.archives, `${set}_gitlab_backup.tar`],
      (set) => `There is no s3://${BACKUP_BUCKETS.archives}/${set}_gitlab_backup.tar any more`,
    ],
    [
      'manifest',
      (set) => [world().site.ledgerBucket, backupSetKey(ENVIRONMENT, set)],
      (set) => `set ${set} is gone`,
    ],
  ])('has everything undone when its %s is gone before anything was destroyed', async (_, place, reason) => {
    const { arn, set, before } = await startRestore();
    await deleteObject(...place(set));
    const { outcome, reasons } = await restores.end(arn);
    expect([outcome, reasons[0]]).toEqual(['undone', expect.stringContaining(reason(set))]);
    expect(await restores.standing()).toEqual(before.standing);
    expect(await content.read()).toEqual(before.content);
    expect((await restores.run()).destructiveAt).toBeUndefined();
    expect(await restores.isFree()).toBe(true);
  });
});

describe('clocks that differ', () => {
  it(
    'by minutes between Lambdas, AWS and a node make no backup fail, and no time wrong',
    PATIENT,
    async () => {
      await world().faults.lambdaClock.move(-4 * MINUTE_MS);
      backups.trouble({ clockAheadMs: 10 * MINUTE_MS });
      const began = Date.now();
      const { arn, end, set } = await makeBackup();
      expect(end).toMatchObject({ outcome: 'verified' });
      const { startedAt, log } = await backups.job(arn);
      expect(set.takenAt).toBe(startedAt);
      // By the clock of the API server.
      expect(Math.abs(Date.parse(set.takenAt ?? '') - began)).toBeLessThan(MINUTE_MS);
      expect(log).toMatchObject({ complete: true });
      const [told] = await backups.told(arn);
      expect(told?.happened).toMatch(/^Backup daily of local is verified: [\d.]+ [kM]B in \d+ s\.$/);
    },
  );
});
