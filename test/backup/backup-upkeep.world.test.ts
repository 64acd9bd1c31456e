import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { FreshnessRecord, freshnessKey } from '../../functions/records/backup/freshness.ts';
import { FRESHNESS_METRIC } from '../../functions/records/backup/freshness-metric.ts';
import type { BackupSetEntry } from '../../functions/records/backup/set-index.ts';
import { Notice, sentKey } from '../../functions/records/message.ts';
import { BACKUP_TIME, buildEntry } from '../support/backup-sets.ts';
import { manifestOf } from '../support/backup-upkeep.ts';
import { useUpkeepWorld } from '../support/upkeep-world.ts';

/** A night on the local AWS: real machines and Lambdas under the roles of the stack, a real bucket with object lock. */

const HOUR_MS = 3_600_000;
const NOW = Date.now();
/** Whole hours, since the id of a set has whole seconds. */
const OFFSET = Math.floor((NOW - BACKUP_TIME.getTime()) / HOUR_MS);
const hoursBefore = (hours: number): string => new Date(NOW - hours * HOUR_MS).toISOString();
const aged = (days: number, readHoursAgo: number, changes: Partial<BackupSetEntry> = {}): BackupSetEntry =>
  buildEntry(days * 24 - OFFSET, { verifiedAt: hoursBefore(readHoursAgo), ...changes });

const young = aged(1, 2);
/** Read more than a week ago, and what lies there now is no archive. */
const spoilt = aged(12, 8 * 24);
const old = aged(40, 2);
const locked = aged(50, 2);
const nameOf = ({ id }: BackupSetEntry): string => `${id}_gitlab_backup.tar`;

const world = useUpkeepWorld({ retention: { days: 14, count: 1 } });

describe('a night', () => {
  it('reads what is due, deletes what is old but for what a lock keeps, and tells what was lost', async () => {
    const { store, runMachine, machines, archives, read, readText } = world();
    const until = new Date(Math.floor(NOW / 1000) * 1000 + 72 * HOUR_MS);
    await store(
      [
        ...[young, spoilt, old].map((entry) => ({ set: manifestOf(entry) })),
        { set: manifestOf(locked), lockedUntil: until },
      ],
      hoursBefore(366 * 24),
    );
    const { status, output, cause, executionArn = '' } = await runMachine(machines.upkeep, {});
    expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
    expect(JSON.parse(output ?? '')).toMatchObject({
      outcome: 'done',
      due: 1,
      deleted: 1,
      environments: [{ environment: 'production', verified: 1, lost: 1, deleted: 1 }],
    });
    expect(await archives()).toEqual([young, spoilt, locked].map(nameOf).toSorted());
    expect(await read(old.id)).toMatchObject({
      state: 'deleted',
      deletion: { why: expect.stringMatching(/older than 14/) },
    });
    expect(await read(locked.id)).toMatchObject({
      state: 'verified',
      deletion: { refused: `Object lock keeps it until ${until.toISOString()}.` },
    });
    expect((await read(spoilt.id)).state).toBe('corrupt');
    const name = executionArn.split(':').at(-1) ?? '';
    const notice = Notice.parse(JSON.parse((await readText(sentKey(`${name}-upkeep-production`))) ?? ''));
    expect(notice).toMatchObject({ severity: 'critical', outcome: 'sets-lost' });
    expect(notice.reasons).toContain(
      `The newest backup of production that counts is ${young.id}, of ${young.takenAt}.`,
    );
  });

  it('in a dry run of one environment deletes nothing', async () => {
    const { runMachine, machines, archives } = world();
    const before = await archives();
    const { output } = await runMachine(machines.upkeep, { environment: 'production', dryRun: true });
    expect(JSON.parse(output ?? '')).toMatchObject({ outcome: 'done', deleted: 0 });
    expect(await archives()).toEqual(before);
  });

  it('of an environment that is not there is refused, and is no failure', async () => {
    const { runMachine, machines } = world();
    const { status, output } = await runMachine(machines.upkeep, { environment: 'prod' });
    expect([status, JSON.parse(output ?? '')]).toEqual([
      'SUCCEEDED',
      {
        outcome: 'refused',
        message: 'drydock.yaml has no backup of an environment prod; it has: production.',
      },
    ]);
  });
});

describe('the look at freshness', () => {
  it('writes the age of the last verified backup into the ledger and to CloudWatch, under its own role', async () => {
    const { callFunction, readText, aws } = world();
    expect(await callFunction('JudgeFreshness', {})).toEqual({ judged: 2, alarming: 0, told: 0 });
    const record = FreshnessRecord.parse(JSON.parse((await readText(freshnessKey('production'))) ?? ''));
    expect(record.judged.map(({ state, set }) => [state, set])).toEqual([
      ['ok', young.id],
      ['ok', young.id],
    ]);
    const client = new CloudWatchClient({
      endpoint: aws.url,
      region: aws.region,
      credentials: aws.credentials,
    });
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: FRESHNESS_METRIC.namespace,
        MetricName: FRESHNESS_METRIC.name,
        Dimensions: [
          { Name: 'Environment', Value: 'production' },
          { Name: 'Policy', Value: 'daily' },
        ],
        StartTime: new Date(NOW - HOUR_MS),
        EndTime: new Date(Date.now() + HOUR_MS),
        Period: 7200,
        Statistics: ['Maximum'],
      }),
    );
    expect((Datapoints[0]?.Maximum ?? 0) / 3600).toBeCloseTo((NOW - Date.parse(young.takenAt)) / HOUR_MS, 0);
  });
});
