import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type * as z from 'zod';
import type { Verification } from '../../functions/records/backup/verification.ts';
import { OBJECTS_ROLE, SOURCE_BUCKETS } from '../../infra/local/gitlab-release/names.ts';
import { runKubectl } from '../../infra/local/helm.ts';
import type { ToolboxTroubles } from '../../infra/local/toolbox/troubles.ts';
import { openToolboxStage, type ToolboxStage } from './fixtures/toolbox-stage.ts';

/** The toolbox of the local world, by what Drydock's own code makes of its Jobs, logs and archives. */

let stage: ToolboxStage;
beforeAll(async () => {
  stage = await openToolboxStage();
});
afterAll(() => stage?.stop());

const codesOf = ({ reasons }: Verification): string[] =>
  reasons.filter(({ result }) => result !== 'note').map(({ code }) => code);

test('a backup ends well, and its archive is verified', async () => {
  const run = await stage.backUp();
  expect([run.verdict.state, run.log]).toEqual([
    'succeeded',
    expect.stringContaining('[DONE] Backup can be'),
  ]);
  const verification = await stage.verify(run);
  expect(codesOf(verification)).toEqual([]);
  expect(verification.verdict).toBe('verified');
  expect(verification.archive.checksum).toMatchObject({ algorithm: 'CRC32', type: 'composite' });
});

test('a Job that kubectl makes of the CronJob names its archive itself, and its log can be followed', async () => {
  stage.release.toolbox.trouble({});
  const { namespace } = stage.release;
  const ask = (...args: string[]) => runKubectl(stage.kubeconfig, ['--namespace', namespace, ...args]);
  await ask('create', 'job', 'by-hand', '--from=cronjob/gitlab-toolbox-backup');
  await vi.waitFor(async () => {
    const { output } = await ask('logs', 'job/by-hand', '--container', 'toolbox-backup', '--follow');
    expect(output).toMatch(
      /\[DONE\] Backup can be found at s3:\/\/gitlab-local-backups\/\d{10}_\d{4}_.*\.tar\n?$/,
    );
  }, 20_000);
  const { output } = await ask('logs', 'job/by-hand', '--container', 'toolbox-backup', '--tail=2');
  expect(output.trim().split('\n')).toHaveLength(2);
});

test.for<[string, z.input<typeof ToolboxTroubles>, Verification['verdict'], string]>([
  ['does not find a bucket', { skippedBuckets: ['uploads'] }, 'incomplete', 'skipped-unasked'],
  ['dumps half of the database', { failedDump: true }, 'incomplete', 'dump-unfinished'],
  ['bundles all repositories but one', { failedRepository: true }, 'incomplete', 'log-failure'],
  ['uploads half of the archive', { uploadedShare: 0.5 }, 'corrupt', 'cut'],
  ['leaves the end of the archive out', { withoutEnd: true }, 'corrupt', 'cut'],
  ['is of another version', { otherVersion: '18.9.3-ee' }, 'incomplete', 'version-differs'],
])('a backup that %s ends green, and is caught', async ([, troubles, verdict, code]) => {
  const run = await stage.backUp(troubles);
  expect(run.verdict.state).toBe('succeeded');
  const verification = await stage.verify(run);
  expect([verification.verdict, codesOf(verification)]).toEqual([verdict, expect.arrayContaining([code])]);
});

test('the role of the ServiceAccount decides what the tool may list', async () => {
  const { url: endpoint, region, credentials } = stage.aws;
  const iam = new IAMClient({ endpoint, region, credentials });
  const denied = { RoleName: OBJECTS_ROLE, PolicyName: 'no-packages' };
  const Resource = `arn:aws:s3:::${SOURCE_BUCKETS.packages}`;
  const Statement = [{ Effect: 'Deny', Action: 's3:ListBucket', Resource }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ ...denied, PolicyDocument }));
  const run = await stage.backUp();
  await iam.send(new DeleteRolePolicyCommand(denied));
  expect(run.log).toContain(`Bucket not found: ${SOURCE_BUCKETS.packages}. Skipping backup of packages`);
  expect(codesOf(await stage.verify(run))).toContain('skipped-unasked');
});

test.for<[string, z.input<typeof ToolboxTroubles>, string]>([
  ['evicted', { end: { kind: 'evicted' } }, 'ephemeral-storage'],
  ['killed for its memory', { end: { kind: 'out-of-memory' } }, 'out-of-memory'],
  ['killed by nobody knows whom', { end: { kind: 'killed' } }, 'killed'],
  ['at a step that fails', { failsAt: 'upload' }, 'exit'],
])('a backup that ends %s is told by its pod', async ([, troubles, reason]) => {
  const { verdict } = await stage.backUp(troubles);
  expect(verdict).toMatchObject({ state: 'failed', reason });
});

test('a backup that hangs runs on, and ends with all of its processes when its Job is deleted', async () => {
  stage.release.toolbox.trouble({ hangsAt: 'packages' });
  const { id, job } = await stage.makeJob();
  const run = await stage.run(job, id, ({ state }) => state === 'running');
  const { job: seen } = await stage.jobs.observeJob(job.metadata);
  await stage.jobs.deleteJob({ ...job.metadata, uid: seen?.uid ?? '' });
  await vi.waitFor(
    async () =>
      expect(await stage.jobs.listJobs(job.metadata.namespace, 'app=toolbox')).not.toContainEqual(
        expect.objectContaining({ name: run.job }),
      ),
    20_000,
  );
  const kinds = 'pods,persistentvolumeclaims,persistentvolumes';
  await vi.waitFor(async () => {
    const { output } = await runKubectl(stage.kubeconfig, ['get', kinds, '--all-namespaces']);
    expect(output).not.toContain(run.job);
  }, 20_000);
});

test('a backup goes on while the API server is away, and its end is told when that is back', async () => {
  stage.release.toolbox.trouble({ slowMs: 100 });
  const { id, job } = await stage.makeJob();
  await stage.run(job, id, ({ state }) => state === 'running');
  stage.apiServer.pause();
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  stage.apiServer.resume();
  const run = await stage.run(job, id);
  expect(run.verdict.state).toBe('succeeded');
  expect((await stage.verify(run)).verdict).toBe('verified');
});

test('a backup whose image is in no registry waits, and says for what', async () => {
  stage.release.toolbox.trouble({ end: { kind: 'unpullable' } });
  const { id, job } = await stage.makeJob();
  const run = await stage.run(job, id, ({ state, ...rest }) => {
    return state === 'waiting' && 'message' in rest && rest.message.includes('ImagePullBackOff');
  });
  expect(run.verdict).toMatchObject({ message: expect.stringContaining('its image can not be pulled') });
  const { job: seen } = await stage.jobs.observeJob(job.metadata);
  expect(await stage.jobs.deleteJob({ ...job.metadata, uid: seen?.uid ?? '' })).toBe('deleted');
});
