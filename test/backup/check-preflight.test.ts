import { describe, expect, it } from 'vitest';
import { MAX_SENTENCES, Output } from '../../functions/backup/check-preflight.contract.ts';
import { run } from '../../functions/backup/check-preflight.ts';
import { backupRunNoteKey, backupRunNoteKind } from '../../functions/records/backup/run-note.ts';
import { maintenanceKey, maintenanceKind } from '../../functions/records/maintenance.ts';
import { pauseKey, pauseKind } from '../../functions/records/pause.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { RUN_INPUT } from '../support/backup-step.ts';
import { buildJob } from '../support/job-builders.ts';
import { buildComponent, buildRelease } from '../support/release-facts.ts';
import { createPreflightWorld, cronJobBody, type PreflightWorld, SEEN } from './preflight/preflight-world.ts';

const FORBIDDEN = new RefusedError('aws.forbidden', 'No right to look.');
const AWAY = new TransientError('kubernetes.unreachable', 'No answer.');

describe('an ordinary night', () => {
  it('passes, with nothing to mend, and every rule is written down', async () => {
    const world = await createPreflightWorld();
    expect(await world.check()).toEqual({ outcome: 'passed', reasons: [], warnings: [] });
    const record = await world.record();
    expect(record).toMatchObject({ outcome: 'pass', mayStart: true, checkedAt: '2026-11-21T03:00:05.000Z' });
    expect(record?.results.length).toBeGreaterThanOrEqual(17);
  });

  it('asks IAM of the role of the backup, never of its own', async () => {
    const world = await createPreflightWorld();
    await world.check();
    expect(world.simulation.asked).toEqual([world.subject.settings.role]);
  });

  it('looks again when it is asked again', async () => {
    const world = await createPreflightWorld();
    await world.check();
    world.cluster.putCronJob('gitlab', cronJobBody('400Gi', { suspend: false }));
    expect((await world.check()).outcome).toBe('refused');
    expect(await world.record()).toMatchObject({ mayStart: false });
  });
});

type Change = (world: PreflightWorld) => unknown;

const pause = ({ ledger }: PreflightWorld) =>
  ledger.claim(pauseKind, pauseKey('capability/backup'), {
    version: 1,
    scope: 'capability/backup',
    paused: true,
    by: 'Ada',
    why: 'storage is moved',
    since: '2026-11-20T12:00:00.000Z',
  });

const maintain = ({ ledger }: PreflightWorld) =>
  ledger.claim(maintenanceKind, maintenanceKey('shop'), {
    version: 1,
    cluster: 'shop',
    why: 'upgrade to 1.36',
    owner: 'arn:aws:states:eu-central-1:111122223333:execution:upgrade:1',
    since: '2026-11-21T02:00:00.000Z',
    until: '2026-11-21T04:00:00.000Z',
  });

describe('a backup is refused', () => {
  it.each<[string, Change, string]>([
    ['while backups are paused', pause, 'storage is moved'],
    ['while the cluster is upgraded', maintain, 'upgrade to 1.36'],
    [
      'while another backup runs',
      ({ cluster }) => cluster.putJob(buildJob({ name: 'manual-1' })),
      'Job manual-1 makes a backup',
    ],
    [
      'when the chart has no CronJob',
      (world) => Object.assign(world.subject.settings, { release: 'other' }),
      'There is no CronJob gitlab/other-toolbox-backup',
    ],
    [
      'when the CronJob starts backups by itself',
      ({ cluster }) => cluster.putCronJob('gitlab', cronJobBody('400Gi', { suspend: false })),
      'not suspended',
    ],
    [
      'when the role may not list a bucket',
      ({ simulation }) =>
        simulation.answer('s3:ListBucket arn:aws:s3:::acme-lfs', { decision: 'implicitDeny' }),
      's3:ListBucket on arn:aws:s3:::acme-lfs',
    ],
    [
      'when the role may not use the key of archives',
      ({ simulation }) => simulation.answer('kms:GenerateDataKey', { decision: 'explicitDeny' }),
      'kms:GenerateDataKey on arn:aws:kms:eu-central-1:444455556666:key/archives',
    ],
    [
      'when its disk is too small for what lies in the buckets',
      ({ buckets }) =>
        buckets.put('acme-uploads', { size: { bytes: 2e12, countedAt: '2026-11-20T00:00:00.000Z' } }),
      'It takes about 2.1 TB',
    ],
    [
      'when a quota leaves no room for its pod',
      ({ quotas }) =>
        quotas.push({ name: 'compute', hard: { pods: '5' }, used: { pods: '5' }, scoped: false }),
      'ResourceQuota compute',
    ],
    [
      'when the database stops',
      ({ databases }) => databases.put({ identifier: 'gitlab-db', status: 'stopping' }),
      'gitlab-db is stopping',
    ],
    [
      'when RDS works on the database in that time',
      ({ databases }) =>
        databases.put({
          identifier: 'gitlab-db',
          // The run begins on a Saturday at 03:00.
          maintenanceWindow: 'sat:03:30-sat:04:00',
          pending: [{ action: 'system-update', appliesAt: '2026-11-21T03:30:00.000Z' }],
        }),
      'system-update',
    ],
  ])('%s', async (_, change, reason) => {
    const world = await createPreflightWorld();
    await change(world);
    const { outcome, reasons } = await world.check();
    expect(outcome).toBe('refused');
    expect(reasons).toEqual([expect.stringContaining(reason)]);
  });

  it('while a set before it is made by an execution that has not ended', async () => {
    const history = [[1, 0, { state: 'running' }]] as const;
    const world = await createPreflightWorld({ history });
    expect((await world.check()).reasons).toEqual([expect.stringContaining('is still being made')]);
  });

  it('not for a set before it whose execution has ended', async () => {
    const world = await createPreflightWorld({ history: [[1, 0, { state: 'running' }]] });
    const execution = { ...RUN_INPUT.execution, name: 'daily-1' };
    const ended = { at: '2026-11-20T04:00:00.000Z', outcome: 'failed', notice: 'n' };
    await world.ledger.claim(backupRunNoteKind, backupRunNoteKey('daily-1'), {
      version: 1,
      execution,
      ended,
    });
    expect((await world.check()).outcome).toBe('passed');
  });

  it('when its pod is somebody else, or does not find a bucket', async () => {
    const listed = { ...(SEEN.known && SEEN.listed), 'acme-lfs': 'absent' } as const;
    const probe = {
      known: true,
      identity: 'arn:aws:sts::111122223333:assumed-role/node/i-1',
      listed,
    } as const;
    const { reasons } = await (await createPreflightWorld({ probe })).check();
    expect(reasons).toEqual([
      expect.stringContaining('and not arn:aws:iam::111122223333:role/gitlab-toolbox'),
      expect.stringContaining('There is no bucket acme-lfs'),
    ]);
  });

  it('when the values hold a trap', async () => {
    const finding = { path: 'a.b', message: 'It loses data.', remedy: 'Write c.' } as const;
    const release = buildRelease({ findings: [{ code: 'x', severity: 'trap', ...finding }] });
    const { reasons } = await (await createPreflightWorld({ release })).check();
    expect(reasons).toEqual(['a.b: It loses data. Write c.']);
  });
});

describe('what can not be learned', () => {
  it.each<[string, Change, string]>([
    ['rights', ({ simulation }) => simulation.fail(FORBIDDEN), 'since No right to look.'],
    ['keys', ({ buckets }) => buckets.fail('readEncryption', FORBIDDEN), 'bucket and key'],
    ['the lock', ({ buckets }) => buckets.fail('readLock', FORBIDDEN), 'locked from the moment'],
    [
      'the database',
      ({ subject }) => Object.assign(subject.settings, { database: { instance: 'gone' } }),
      'RDS has no database gone',
    ],
    [
      'a database outside of RDS',
      ({ subject }) => Object.assign(subject.settings, { database: undefined }),
      'not one of RDS',
    ],
  ])('does not stop a backup, and is said: %s', async (_, change, warning) => {
    const world = await createPreflightWorld();
    await change(world);
    const { outcome, warnings } = await world.check();
    expect(outcome).toBe('passed');
    expect(warnings.join('\n')).toContain(warning);
    expect((await world.record())?.outcome).toBe('not-checked');
  });

  it.each([
    ['AWS', (world: PreflightWorld) => world.simulation.fail(new TransientError('iam.unreachable', 'Away.'))],
    [
      'CloudWatch',
      (world: PreflightWorld) =>
        world.buckets.fail('readSize', new TransientError('bucket.throttled', 'Slow.')),
    ],
  ])('does not stop a backup while %s is away', async (_, change) => {
    const world = await createPreflightWorld();
    change(world);
    expect((await world.check()).outcome).toBe('passed');
  });

  it('stops a backup where starting could do harm', async () => {
    const world = await createPreflightWorld();
    const listJobs = () => Promise.reject(FORBIDDEN);
    const jobs = () => ({ ...world.cluster, listJobs });
    const { outcome, reasons } = await world.check({ jobs });
    expect(outcome).toBe('refused');
    expect(reasons).toEqual([expect.stringContaining('No other backup of this GitLab runs')]);
  });

  it('is asked again while the cluster is away, and no backup is refused for it', async () => {
    const world = await createPreflightWorld();
    const jobs = () => ({ ...world.cluster, readCronJob: () => Promise.reject(AWAY) });
    await expect(world.check({ jobs })).rejects.toThrow(AWAY);
    expect(await world.record()).toBeUndefined();
  });

  it('is asked again while the ledger is away', async () => {
    const world = await createPreflightWorld();
    const away = new TransientError('ledger.unavailable', 'S3 did not answer.');
    const sets = { ...world.sets, list: () => Promise.reject(away) };
    await expect(world.check({ sets })).rejects.toThrow(away);
  });

  it('is nothing that ends with the time of the Lambda', async () => {
    const world = await createPreflightWorld();
    const stop = new AbortController();
    stop.abort(new Error('out of time'));
    world.simulation.fail(new TransientError('iam.unreachable', 'Aborted.'));
    await expect(run(RUN_INPUT, world.deps, { signal: stop.signal })).rejects.toThrow('out of time');
  });

  it('is no bug of ours', async () => {
    const world = await createPreflightWorld();
    world.simulation.fail(new TypeError('undefined is not a function'));
    await expect(world.check()).rejects.toThrow(TypeError);
  });

  it('of the release leaves buckets and sizes unchecked, and says so', async () => {
    const release = { state: 'unknown', version: 1, readAt: '2026-11-21T03:00:06.000Z' } as const;
    const problem = 'There is no Helm release gitlab/gitlab.';
    const { outcome, warnings } = await (
      await createPreflightWorld({ release: { ...release, problem } })
    ).check();
    expect(outcome).toBe('passed');
    expect(warnings.filter((warning) => warning.includes('There is no Helm release')).length).toBe(3);
  });

  it('of a first backup is its size alone', async () => {
    const { outcome, warnings } = await (await createPreflightWorld({ history: [] })).check();
    expect(outcome).toBe('passed');
    expect(warnings).toHaveLength(2);
  });
});

describe('the history of a policy', () => {
  it.each<[string, Parameters<typeof createPreflightWorld>[0] & object, boolean]>([
    ['counts archives of the same components', {}, true],
    ['counts none that skipped another', { history: [[1, 50e9, { skip: ['lfs'] }]] }, false],
    ['counts none of another policy', { history: [[1, 50e9, { policy: 'hourly' }]] }, false],
    ['counts none that was not verified', { history: [[1, 50e9, { state: 'failed' }]] }, false],
  ])('%s', async (_, options, isKnown) => {
    const world = await createPreflightWorld(options);
    await world.check();
    const size = (await world.record())?.results.find(({ code }) => code === 'upload-ceiling');
    expect(size?.outcome).toBe(isKnown ? 'pass' : 'not-checked');
  });
});

describe('the disk of a backup', () => {
  it.each([
    ['is that of the chart', {}, '150Gi', 'refused'],
    ['is that of drydock.yaml, where it names one', { scratchSize: '400Gi' }, '150Gi', 'passed'],
    ['is too small in drydock.yaml', { scratchSize: '150Gi' }, '400Gi', 'refused'],
  ])('%s', async (_, job, chart, outcome) => {
    const world = await createPreflightWorld({ history: [[1, 80e9]] });
    Object.assign(world.subject.settings.job, job);
    world.cluster.putCronJob('gitlab', cronJobBody(chart));
    expect((await world.check()).outcome).toBe(outcome);
  });
});

describe('what it says', () => {
  it('fits into the payload of a state, however much there is, and counts the rest', async () => {
    const components = Array.from({ length: 40 }, (_, index) =>
      buildComponent('uploads', { bucket: `acme-bucket-${index}` }),
    );
    const world = await createPreflightWorld({ release: buildRelease({ components }) });
    world.simulation.answer('s3:ListBucket', { decision: 'implicitDeny' });
    const said = await world.check();
    expect(Output.parse(said)).toEqual(said);
    expect(said.reasons).toHaveLength(MAX_SENTENCES);
    expect(said.reasons.at(-1)).toMatch(/^And \d+ more, in the record of the run\.$/);
  });

  it('of a native set without Git is not of the tool', async () => {
    const policy = { kind: 'native', skip: ['repositories'] };
    const world = await createPreflightWorld({
      policy,
      probe: { known: false, why: 'this policy runs no pod' },
    });
    world.cluster.putCronJob('gitlab', cronJobBody('1Gi', { suspend: false }));
    expect(await world.check()).toEqual({ outcome: 'passed', reasons: [], warnings: [] });
  });
});
