import { afterEach, expect, test } from 'vitest';
import { makeBackupJob } from '../../functions/backup/job/backup-job.ts';
import { openKubernetesJobs } from '../../functions/clients/kubernetes-jobs.ts';
import { startCannedApiServer, statusAnswer } from '../support/canned-api-server.ts';
import type { CannedAnswer } from '../support/canned-server.ts';
import { chartCronJob, chartCronJobBody } from '../support/chart-cron-job.ts';
import { createFakeKubernetesJobs } from '../support/fake-kubernetes-jobs.ts';
import { describeKubernetesJobs, LOG_LINES } from './contracts/kubernetes-jobs.contract.ts';

const fake = createFakeKubernetesJobs(() => new Date('2026-03-01T12:00:00Z'));
fake.writeLog(LOG_LINES.map((line, index) => `2026-03-01T12:00:00.00000000${index}Z ${line}`));
let namespaces = 0;
describeKubernetesJobs('a fake', () => ({
  jobs: fake,
  openNamespace: async () => {
    const namespace = `test-${++namespaces}`;
    fake.putCronJob(namespace, chartCronJobBody());
    return namespace;
  },
}));

const servers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** Jobs of an API server that answers from a script. */
const serve = async (answer: (url: URL) => CannedAnswer) => {
  const server = await startCannedApiServer(answer);
  servers.push(server);
  return { jobs: openKubernetesJobs(server.connection), server };
};

const planned = makeBackupJob(chartCronJob(), {
  backupId: '1763690405_2025_11_21_18.10.0-ee',
  skip: [],
  deadlineSeconds: 60,
  execution: 'test',
  fence: 1,
});
const manifest = planned.ok ? planned.job : undefined;

test('a conflict without a Job, as a quota that is counted twice, may pass', async () => {
  if (!manifest) throw new Error('there is no plan');
  // The Job is made at the collection, and read by its name.
  const { jobs } = await serve((url) =>
    url.pathname.endsWith('/jobs') ? statusAnswer(409, 'quota') : statusAnswer(404, 'not found'),
  );
  await expect(jobs.createJob(manifest)).rejects.toMatchObject({
    name: 'TransientError',
    code: 'kubernetes.unavailable',
  });
});

test.each([
  [401, 'RefusedError', 'kubernetes.unauthorized'],
  [403, 'RefusedError', 'kubernetes.forbidden'],
  [422, 'RefusedError', 'kubernetes.refused'],
  [429, 'TransientError', 'kubernetes.unavailable'],
  [503, 'TransientError', 'kubernetes.unavailable'],
])('an answer of %i is a %s %s, whatever is asked', async (status, name, code) => {
  if (!manifest) throw new Error('there is no plan');
  const { jobs } = await serve(() => statusAnswer(status, 'because'));
  const ref = { namespace: 'gitlab', name: 'backup' };
  const asked = [
    jobs.readCronJob(ref),
    jobs.createJob(manifest),
    jobs.observeJob(ref),
    jobs.listJobs('gitlab', ''),
    jobs.deleteJob({ ...ref, uid: 'job-1' }),
  ];
  for (const one of asked) await expect(one).rejects.toMatchObject({ name, code });
});

test('a name that is taken says of what to look at', async () => {
  if (!manifest) throw new Error('there is no plan');
  const body = {
    metadata: { ...manifest.metadata, uid: 'x', creationTimestamp: 'x', deletionTimestamp: 'x' },
    spec: manifest.spec,
  };
  const { jobs } = await serve((url) =>
    url.pathname.endsWith('/jobs') ? statusAnswer(409, 'already exists') : { body },
  );
  await expect(jobs.createJob(manifest)).rejects.toMatchObject({
    code: 'kubernetes.job-taken',
    message: expect.stringMatching(/being deleted.*kubectl --namespace gitlab describe job gitlab-toolbox/),
  });
});

test.each([404, 409])('a Job whose deletion is answered with %i is gone', async (status) => {
  const { jobs } = await serve(() => statusAnswer(status, 'the UID in the precondition differs'));
  expect(await jobs.deleteJob({ namespace: 'gitlab', name: 'backup', uid: 'job-1' })).toBe('gone');
});

test('what a newer Kubernetes has in a template, and the library does not know, is read', async () => {
  const cronJob = chartCronJob();
  const strange = { ...cronJob.spec.jobTemplate.spec, fieldOfTomorrow: { deep: ['1'] } };
  const body = { ...cronJob, spec: { ...cronJob.spec, jobTemplate: { spec: strange } } };
  const { jobs } = await serve(() => ({ body }));
  const read = await jobs.readCronJob({ namespace: 'gitlab', name: 'gitlab-toolbox-backup' });
  expect(read?.spec.jobTemplate.spec).toMatchObject({ fieldOfTomorrow: { deep: ['1'] } });
});

test('a log that breaks off may come the next time', async () => {
  const { jobs } = await serve(() => ({ headers: { 'content-length': '500' }, body: 'half a' }));
  const place = { namespace: 'gitlab', pod: 'p', container: 'toolbox-backup' };
  const reading = Array.fromAsync(jobs.streamLog(place, {}, AbortSignal.timeout(500)));
  await expect(reading).rejects.toMatchObject({ name: 'TransientError', code: 'kubernetes.unreachable' });
});

test('a log is asked for with times, from the second on in which the last line was read', async () => {
  const body = ['00.1Z a', '00.2Z b', '00.2Z c', '01Z d']
    .map((line) => `2026-03-01T12:00:${line}\n`)
    .join('');
  const { jobs, server } = await serve(() => ({ body }));
  const from = { at: '2026-03-01T12:00:00.200000000Z', lines: 1 };
  const place = { namespace: 'gitlab', pod: 'p', container: 'toolbox-backup' };
  expect(await Array.fromAsync(jobs.streamLog(place, { from }))).toEqual([
    { text: 'c\nd\n', cursor: { at: '2026-03-01T12:00:01.000000000Z', lines: 1 } },
  ]);
  const asked = new URL(server.requests[0]?.path ?? '', 'http://test').searchParams;
  expect(Object.fromEntries(asked)).toEqual({
    container: 'toolbox-backup',
    timestamps: 'true',
    sinceTime: '2026-03-01T12:00:00.200000000Z',
  });
});

test.each([
  [400, 'container is waiting to start', []],
  [404, 'pods "p" not found', []],
])('an answer of %i to a log is an empty log', async (status, message, expected) => {
  const { jobs } = await serve(() => statusAnswer(status, message));
  const place = { namespace: 'gitlab', pod: 'p', container: 'toolbox-backup' };
  expect(await Array.fromAsync(jobs.streamLog(place, {}))).toEqual(expected);
});

test.each([
  [403, 'RefusedError'],
  [503, 'TransientError'],
])('an answer of %i to a log is a %s', async (status, name) => {
  const { jobs } = await serve(() => statusAnswer(status, 'because'));
  const place = { namespace: 'gitlab', pod: 'p', container: 'toolbox-backup' };
  await expect(Array.fromAsync(jobs.streamLog(place, {}))).rejects.toMatchObject({ name });
});
