import { describe, expect, it } from 'vitest';
import { BACKUP_CONTAINER } from '../../../functions/backup/job/backup-job.ts';
import { findRunningBackups } from '../../../functions/backup/job/running-backups.ts';
import { composeJob, type WantedJob } from '../../../functions/backup/restore/reading/job-work.ts';
import {
  makeRestoreJob,
  nameRestoreJob,
  RESTORE_CONTAINERS,
  type RestoreJobRequest,
} from '../../../functions/backup/restore/restore-job.ts';
import { beginRun } from '../../../functions/backup/restore/run-life.ts';
import { done, plainTurn } from '../../../functions/backup/restore/step-turn.ts';
import { endOtherJobs, jobTurn, lookSeconds } from '../../../functions/backup/restore/turns/job-turn.ts';
import type { RestoreJobNote } from '../../../functions/records/backup/restore.ts';
import type { RestoreStep } from '../../../functions/records/backup/restore-plan.ts';
import { chartCronJob } from '../../support/chart-cron-job.ts';
import { buildJob, buildJobPod } from '../../support/job-builders.ts';
import { buildExecution, buildPlan, SAFETY_ID, SET_ID } from './restore-builders.ts';

const ATTEMPT = { way: 'restore', step: 'restore-job', attempt: 1 } as const;
const NAME = nameRestoreJob('gitlab', 'restore-1', ATTEMPT);

const make = (work: RestoreJobRequest['work'], extraArgs = '', script?: string) =>
  makeRestoreJob(chartCronJob({ extraArgs, ...(script === undefined ? {} : { script }) }), {
    note: { name: NAME },
    execution: 'restore-1',
    fence: 7,
    deadlineSeconds: 3_600,
    work,
  });

const jobOf = (work: RestoreJobRequest['work'], extraArgs?: string) => {
  const plan = make(work, extraArgs);
  if (!plan.ok) throw new Error(plan.why);
  return plan.job;
};
const workerOf = (work: RestoreJobRequest['work'], extraArgs?: string) =>
  jobOf(work, extraArgs).spec.template.spec.containers.find(({ name }) => name.startsWith('toolbox-'));

const RESTORE = { kind: 'restore', setId: SET_ID, skip: ['registry', 'artifacts'] } as const;

describe('the Job of a restore', () => {
  it('runs the tool with one list of what is skipped, and answers its questions', () => {
    expect(workerOf(RESTORE)).toMatchObject({
      name: 'toolbox-restore',
      args: [
        '/bin/bash',
        '-c',
        `cp /etc/gitlab/.s3cfg $HOME/.s3cfg && backup-utility --restore -t ${SET_ID} --skip registry,artifacts`,
      ],
      env: expect.arrayContaining([
        { name: 'BACKUP_BUCKET_NAME', value: 'gitlab-backups' },
        { name: 'GITLAB_ASSUME_YES', value: '1' },
      ]),
    });
  });

  it('keeps how buckets are reached, and nothing that is of backups alone', () => {
    const args =
      '--s3tool awscli --aws-region eu-central-1 --skip registry --storage-class STANDARD_IA --maximum-backups 3';
    expect(workerOf({ ...RESTORE, skip: [] }, args)?.args?.[2]).toBe(
      `cp /etc/gitlab/.s3cfg $HOME/.s3cfg && backup-utility --restore -t ${SET_ID} --s3tool awscli --aws-region eu-central-1`,
    );
  });

  it('is tried once, disturbed by nobody, and carries fence and cause', () => {
    const { metadata, spec } = jobOf(RESTORE);
    expect(spec).toMatchObject({
      backoffLimit: 0,
      activeDeadlineSeconds: 3_600,
      template: { spec: { restartPolicy: 'Never' } },
    });
    expect(spec.template.metadata?.annotations).toMatchObject({
      'karpenter.sh/do-not-disrupt': 'true',
      'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
    });
    expect(metadata.annotations).toEqual({
      'drydock.dev/job-id': NAME,
      'drydock.dev/execution': 'restore-1',
      'drydock.dev/fence': '7',
    });
  });

  it('is not taken for a backup that runs, and counts to no history of the CronJob', () => {
    const containers = jobOf(RESTORE).spec.template.spec.containers.map(({ name }) => name);
    expect(findRunningBackups([buildJob({ containers })])).toEqual([]);
    expect(jobOf(RESTORE).metadata.ownerReferences[0]).not.toHaveProperty('controller');
  });

  it.each([
    ['check', 'gitlab-rake gitlab:doctor:secrets'],
    ['check', 'gitlab-rake gitlab:check SANITIZE=true'],
    ['analyse', 'ANALYZE'],
  ] as const)('of the step %s runs %s', (kind, script) => {
    expect(workerOf({ kind })?.args?.[2]).toContain(script);
  });

  it.each([
    ['restore', { ...RESTORE }, { persistentVolumeClaim: { claimName: 'tmp' } }],
    ['check', { kind: 'check' } as const, { emptyDir: {} }],
  ])('of the step %s has the disk that it needs', (_, work, volume) => {
    const cronJob = chartCronJob();
    const pod = cronJob.spec.jobTemplate.spec.template.spec;
    pod['volumes'] = [{ name: 'toolbox-tmp', persistentVolumeClaim: { claimName: 'tmp' } }];
    const request = { note: { name: NAME }, execution: 'e', fence: 1, deadlineSeconds: 60, work };
    const plan = makeRestoreJob(cronJob, request);
    expect(plan.ok && plan.job.spec.template.spec['volumes']).toEqual([{ name: 'toolbox-tmp', ...volume }]);
  });

  it.each([
    ['no id of a set', { ...RESTORE, setId: 'x; rm -rf /' }, undefined, 'no id'],
    ['a CronJob of somebody else', RESTORE, 'echo hello', 'does not call backup-utility'],
    ['a variable in the flags', RESTORE, 'backup-utility --s3tool "$TOOL"', 'by a variable'],
  ])('is not made of %s', (_, work, script, why) => {
    expect(make(work, '', script)).toMatchObject({ ok: false, why: expect.stringContaining(why) });
  });

  it('has a name of its own for each attempt, that Kubernetes takes', () => {
    const long = 'a'.repeat(53);
    const names = [1, 2].map((attempt) =>
      nameRestoreJob(long, 'restore-1', { ...ATTEMPT, step: 'put-back-objects', attempt }),
    );
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/);
  });
});

const NOW = new Date('2026-03-01T12:10:00.000Z');
const NOTE: RestoreJobNote = {
  ...ATTEMPT,
  namespace: 'gitlab',
  name: NAME,
  notedAt: '2026-03-01T12:00:00.000Z',
  pieces: 0,
};
const JOB = buildJob({ name: NAME });
const turn = (
  notes: readonly RestoreJobNote[],
  job: typeof JOB | undefined,
  pods = [buildJobPod({})],
  now = NOW,
) => jobTurn({ jobs: [...notes] }, ATTEMPT, NOTE, { job, pods, now }, RESTORE_CONTAINERS.restore);

describe('what a Job does', () => {
  const run = beginRun(buildPlan(), { execution: buildExecution(), fence: 7 }, NOW);
  const SAFETY = { id: SAFETY_ID, kind: 'tar' as const, skip: [], gitlabVersion: '18.10.0-ee' };
  const compose = (step: RestoreStep, safety?: typeof SAFETY, image = 'gitlab-toolbox-ee:v18.10.0') => {
    const cronJob = chartCronJob();
    for (const one of cronJob.spec.jobTemplate.spec.template.spec.containers) {
      if (one.name === BACKUP_CONTAINER) one['image'] = image;
    }
    const current = { ...ATTEMPT, step, since: undefined, back: false };
    const making = { jobs: { readCronJob: async () => cronJob }, restoreHours: 24 };
    return composeJob(run, current, NAME, safety, making, new AbortController().signal);
  };
  const scriptOf = (wanted: WantedJob): string =>
    wanted.ok
      ? (wanted.job.spec.template.spec.containers.find(({ name }) => name.startsWith('toolbox-'))
          ?.args?.[2] ?? '')
      : wanted.why;

  it('restores the set of the plan, and on the way back database and repositories of the safety backup', async () => {
    expect(scriptOf(await compose('restore-job', SAFETY))).toMatch(
      new RegExp(`--restore -t ${SET_ID} --skip registry$`),
    );
    const back = scriptOf(await compose('put-back-job', SAFETY));
    expect(back).toContain(`--restore -t ${SAFETY_ID} --skip `);
    const skipped = back.split('--skip ')[1]?.split(',') ?? [];
    expect(skipped).toEqual(expect.arrayContaining(['uploads', 'registry', 'lfs']));
    for (const part of ['db', 'repositories']) expect(skipped).not.toContain(part);
  });

  it('is nothing for a step without one, nor for a way back that leads nowhere', async () => {
    expect(await compose('quiesce', SAFETY)).toMatchObject({ ok: false });
    expect(await compose('put-back-job')).toEqual({
      ok: false,
      why: 'there is no safety backup to put back',
    });
  });

  it.each([
    ['restore-job', '18.10.0-ee', 'gitlab-toolbox-ee:v18.11.0'],
    ['restore-job', '18.10.0-ee', 'gitlab-toolbox-ce:v18.10.0'],
    ['put-back-job', '18.9.0-ee', 'gitlab-toolbox-ee:v18.10.0'],
  ] as const)('is not made for %s of %s when %s stands there by then', async (step, gitlabVersion, image) => {
    const wanted = await compose(step, { ...SAFETY, gitlabVersion }, image);
    expect(wanted).toMatchObject({ ok: false, why: expect.stringContaining('deploy that one first') });
  });

  it.each([
    ['restore-job', 'gitlab-toolbox-ee@sha256:0'],
    ['put-back-job', 'toolbox:v18.10.0'],
  ] as const)('is not made for %s when nobody can read which GitLab %s is', async (step, image) => {
    const wanted = await compose(step, SAFETY, image);
    expect(wanted).toMatchObject({ ok: false, why: expect.stringContaining('The image of CronJob') });
  });

  it.each(['analyse', 'check'] as const)('is made for %s whatever GitLab it is', async (step) => {
    expect(await compose(step, SAFETY, 'toolbox:latest')).toMatchObject({ ok: true });
  });
});

describe('a look at the Job of a step', () => {
  it('comes seldom enough that two days of them stay below the limit of a history', () => {
    let [running, looks] = [0, 0];
    for (; running < 48 * 3_600; looks++) running += lookSeconds(running);
    // A look is a task, a choice and a wait: about ten events.
    expect(looks * 10).toBeLessThan(20_000);
    expect(lookSeconds(0)).toBe(2);
  });

  it('has it made when nobody has noted it, and again when it was noted and never seen', () => {
    expect(turn([], undefined)).toMatchObject({ verdict: { state: 'act' }, job: { name: NAME } });
    expect(turn([NOTE], undefined)).toMatchObject({ verdict: { state: 'act' }, job: NOTE });
  });

  it('is never made again once it was seen: somebody deleted it', () => {
    expect(turn([{ ...NOTE, uid: 'job-1' }], undefined).verdict).toMatchObject({
      state: 'failed',
      reasons: [expect.stringContaining('deleted')],
    });
  });

  it('deletes one that failed and would go on, and lets the failure count when its pod is gone', () => {
    const pods = [buildJobPod({ phase: 'Pending', conditions: [], createdAt: '2026-03-01T11:00:00.000Z' })];
    const first = turn([NOTE], JOB, pods);
    expect(first).toMatchObject({
      verdict: { state: 'act' },
      changes: [{ deed: 'deleted', object: { uid: 'job-1' } }],
    });
    const note = first.job ?? NOTE;
    expect(turn([note], { ...JOB, deleting: true }).verdict.state).toBe('wait');
    expect(turn([note], undefined).verdict.state).toBe('wait');
    expect(turn([note], undefined, [], new Date(NOW.getTime() + 60_000)).verdict.state).toBe('failed');
  });

  it('ends Jobs of another way before anything else is done', () => {
    const run = { jobs: [NOTE] };
    const current = { way: 'put-back', step: 'put-back-job', attempt: 1 } as const;
    const rest = plainTurn(done('x'));
    expect(endOtherJobs(run, current, new Map([[NAME, JOB]]), rest).changes).toMatchObject([
      { deed: 'deleted' },
    ]);
    expect(endOtherJobs(run, current, new Map(), rest)).toBe(rest);
    expect(endOtherJobs(run, ATTEMPT, new Map([[NAME, JOB]]), rest)).toBe(rest);
  });
});
