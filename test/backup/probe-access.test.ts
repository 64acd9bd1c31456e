import { describe, expect, it } from 'vitest';
import { probeRecordKind } from '../../functions/backup/probe/probe-record.ts';
import { PROBE_MARK } from '../../functions/backup/probe/probe-script.ts';
import { run } from '../../functions/backup/probe-access.ts';
import type { KubernetesJobs } from '../../functions/clients/kubernetes-jobs.ts';
import { releaseFactsKind } from '../../functions/records/backup/release-facts.ts';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { buildSubject, openRun, RUN_INPUT, RUN_SET } from '../support/backup-step.ts';
import { chartCronJobBody } from '../support/chart-cron-job.ts';
import { createFakeKubernetesJobs } from '../support/fake-kubernetes-jobs.ts';
import { buildJobPod } from '../support/job-builders.ts';
import { createKillSwitch } from '../support/kill-switch.ts';
import { buildRelease } from '../support/release-facts.ts';
import { calmInvocation } from '../support/target-world.ts';

const ARN = 'arn:aws:sts::111122223333:assumed-role/gitlab-toolbox/session';
const LINES = [
  `${PROBE_MARK}"identity":"${ARN}","exit":0,"code":""}`,
  `${PROBE_MARK}"bucket":"acme-uploads","exit":0,"code":""}`,
  `${PROBE_MARK}"bucket":"acme-lfs","exit":254,"code":"AccessDenied"}`,
  `${PROBE_MARK}"bucket":"acme-backups","exit":0,"code":""}`,
];
const SEEN = {
  known: true,
  identity: ARN,
  listed: { 'acme-uploads': 'listed', 'acme-lfs': 'denied', 'acme-backups': 'listed' },
};

/** A run whose release was read, and a cluster in which a Job ends at once with these lines. */
const open = async (policy: object = {}) => {
  const { ledger, clock } = await openRun();
  await ledger.claim(releaseFactsKind, backupRunKey(RUN_SET, 'release'), buildRelease());
  const cluster = createFakeKubernetesJobs(() => clock.now());
  cluster.putCronJob('gitlab', chartCronJobBody());
  cluster.writeLog(LINES.map((line, index) => `2026-11-21T03:00:10.00000000${index}Z ${line}`));
  const kill = createKillSwitch();
  const guarded = kill.guard(ledger);
  let jobs: Partial<KubernetesJobs> = {};
  const subject = buildSubject(policy, { gitaly: { bucket: 'acme-gitaly' }, database: { instance: 'db' } });
  const deps = {
    find: () => subject,
    ledger: guarded,
    jobs: () => ({ ...kill.guard(cluster), ...jobs }),
    clock,
  };
  return {
    cluster,
    clock,
    kill,
    ledger,
    replace: (others: Partial<KubernetesJobs>) => {
      jobs = others;
    },
    probe: () => run(RUN_INPUT, deps, calmInvocation()),
    found: async () => (await ledger.read(probeRecordKind, backupRunKey(RUN_SET, 'probe')))?.value.found,
    left: async () => (await cluster.listJobs('gitlab', '')).map(({ name }) => name),
  };
};

/** What is made next has a pod that runs. */
const keepRunning = (world: Awaited<ReturnType<typeof open>>): void => {
  const { cluster } = world;
  world.replace({
    createJob: async (manifest) => {
      const made = await cluster.createJob(manifest);
      if (made.isNew) {
        const { completedAt: _, ...job } = made.job;
        cluster.putJob({ ...job, conditions: [] }, [buildJobPod({})]);
      }
      return made;
    },
  });
};

describe('a probe', () => {
  it('notes who its pod is and what it lists, and leaves no Job behind', async () => {
    const world = await open();
    expect(await world.probe()).toEqual({
      outcome: 'done',
      waitSeconds: 0,
      message: `The probe is ${ARN}, and lists 2 of 3 buckets.`,
    });
    expect(await world.found()).toEqual(SEEN);
    expect(await world.left()).toEqual([]);
    const [made] = world.cluster.made;
    expect(made?.spec.template.spec.containers.at(-1)?.args?.slice(6)).toEqual([
      's3cmd',
      'acme-uploads',
      's3cmd',
      'acme-lfs',
      's3cmd',
      'acme-backups',
    ]);
  });

  it('is made once for a set', async () => {
    const world = await open();
    await world.probe();
    expect((await world.probe()).outcome).toBe('done');
    expect(world.cluster.made).toHaveLength(1);
  });

  it('that two Lambdas watch is what the first of them noted', async () => {
    const world = await open();
    const found = { known: false as const, why: 'the first one saw nothing' };
    world.replace({
      observeJob: async (...given) => {
        const probedAt = world.clock.now().toISOString();
        const key = backupRunKey(RUN_SET, 'probe');
        await world.ledger.claim(probeRecordKind, key, { version: 1, probedAt, found });
        return world.cluster.observeJob(...given);
      },
    });
    await world.probe();
    expect(await world.found()).toEqual(found);
  });

  it('is watched for 40 seconds a call, and goes on in the next', async () => {
    const world = await open();
    keepRunning(world);
    const before = world.clock.now().getTime();
    const first = await world.probe();
    expect(first).toEqual({ outcome: 'waiting', waitSeconds: 10, message: 'Its pod runs.' });
    expect(world.clock.now().getTime() - before).toBeLessThanOrEqual(40_000);
    expect(world.clock.now().getTime() - before).toBeGreaterThan(30_000);
    expect(await world.found()).toBeUndefined();
    await world.probe();
    expect(world.cluster.made).toHaveLength(1);
  });

  it('is given up after nine minutes, and ended', async () => {
    const world = await open();
    keepRunning(world);
    await world.probe();
    world.clock.advance(9 * 60_000);
    expect((await world.probe()).outcome).toBe('done');
    expect(await world.found()).toEqual({
      known: false,
      why: 'it did not end within 9 minutes: Its pod runs',
    });
    expect(await world.left()).toEqual([]);
  });

  it.each<[string, (world: Awaited<ReturnType<typeof open>>) => void, string]>([
    [
      'without a CronJob',
      ({ replace }) => replace({ readCronJob: async () => undefined }),
      'there is no CronJob gitlab/gitlab-toolbox-backup',
    ],
    [
      'that may not be made',
      ({ replace }) =>
        replace({
          createJob: () =>
            Promise.reject(new RefusedError('kubernetes.forbidden', 'No right to create Jobs.')),
        }),
      'No right to create Jobs',
    ],
    [
      'that wrote nothing',
      ({ cluster }) => cluster.writeLog([]),
      'the pod of the probe ended well and wrote nothing',
    ],
  ])('%s says why nothing is known, and stops nothing', async (_, change, why) => {
    const world = await open();
    change(world);
    expect(await world.probe()).toMatchObject({ outcome: 'done', message: expect.stringContaining(why) });
    expect(await world.found()).toEqual({ known: false, why });
  });

  it('is not made for a policy that runs no pod', async () => {
    const world = await open({ kind: 'native', skip: ['repositories'] });
    await world.probe();
    expect(await world.found()).toEqual({ known: false, why: 'this policy runs no pod' });
    expect(world.cluster.made).toEqual([]);
  });

  it('tries again while the cluster is away', async () => {
    const world = await open();
    const away = new TransientError('kubernetes.unreachable', 'No answer.');
    world.replace({ readCronJob: () => Promise.reject(away) });
    await expect(world.probe()).rejects.toThrow(away);
    expect(await world.found()).toBeUndefined();
  });

  it('is noted although its Job can not be deleted', async () => {
    const world = await open();
    world.replace({
      deleteJob: () => Promise.reject(new TransientError('kubernetes.unreachable', 'No answer.')),
    });
    expect((await world.probe()).outcome).toBe('done');
    expect(await world.found()).toEqual(SEEN);
  });

  it('comes to the same, and to one Job, wherever its Lambda is killed', async () => {
    const calm = await open();
    await calm.probe();
    const { calls } = calm.kill;
    expect(calls).toBeGreaterThan(5);
    for (let call = 1; call <= calls; call++) {
      for (const answered of [false, true]) {
        const world = await open();
        world.kill.arm(call, answered);
        await world.probe().catch(() => undefined);
        expect((await world.probe()).outcome).toBe('done');
        expect(await world.found()).toEqual(SEEN);
        expect(world.cluster.made.length).toBe(1);
      }
    }
  });
});
