import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { CoreV1Api, PatchStrategy, setHeaderOptions, type V1Secret } from '@kubernetes/client-node';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeAnalyseLog } from '../../functions/backup/restore/checks/analyse-log.ts';
import { judgeDoctorSecrets } from '../../functions/backup/restore/checks/doctor-secrets.ts';
import { judgeGitLabCheck } from '../../functions/backup/restore/checks/gitlab-check.ts';
import { judgeRestoreLog } from '../../functions/backup/restore/checks/restore-log.ts';
import { ANALYSE_SCRIPT, CHECK_SCRIPT } from '../../functions/backup/restore/restore-script.ts';
import { BACKUP_BUCKETS, BUCKET_COMPONENTS, SOURCE_BUCKETS } from '../../infra/local/gitlab-release/names.ts';
import { makeRailsKeys, writeSecretsFile } from '../../infra/local/gitlab-release/rails-secret.ts';
import { STORAGE } from '../../infra/local/gitlab-release/repositories.ts';
import { drawFrom } from '../../infra/local/gitlab-release/seeded-values.ts';
import { findRepositories } from '../../infra/local/toolbox/programs/backup/dump-repositories.ts';
import { loadKubeconfig } from '../support/admin-connection.ts';
import { openToolboxStage, type ToolboxStage } from './fixtures/toolbox-stage.ts';

/** What the toolbox of the local world writes away, damages and brings back: rows, objects, repositories, keys. */

let stage: ToolboxStage;
let archive: string;
let before: Fingerprint;
beforeAll(async () => {
  stage = await openToolboxStage();
  before = await takeFingerprint();
  archive = (await stage.backUp()).id;
});
afterAll(() => stage?.stop());

/** Everything that a restore has to bring back, digested. */
interface Fingerprint {
  readonly tables: Readonly<Record<string, string>>;
  readonly objects: Readonly<Record<string, readonly string[]>>;
  readonly repositories: Readonly<Record<string, string>>;
}

const ask = (sql: string) => stage.release.postgresql.query(sql, [], stage.release.login);

const takeFingerprint = async (): Promise<Fingerprint> => ({
  tables: await digestTables(),
  objects: await listObjects(),
  repositories: await listReferences(),
});

const digestTables = async (): Promise<Record<string, string>> => {
  const tables = await ask(
    "select schemaname || '.' || tablename as name from pg_tables where schemaname !~ '^(pg_|information)' order by 1",
  );
  const digests = tables.map(async ({ name }) => {
    const [row] = await ask(
      `select count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${String(name)} t`,
    );
    return [String(name), String(row?.['digest'])] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
};

const listObjects = async (): Promise<Record<string, string[]>> => {
  const lists = BUCKET_COMPONENTS.map(async (component) => {
    const Bucket = SOURCE_BUCKETS[component];
    const { Contents = [] } = await stage.s3.send(new ListObjectsV2Command({ Bucket }));
    return [component, Contents.map(({ Key, ETag }) => `${Key} ${ETag}`)] as const;
  });
  return Object.fromEntries(await Promise.all(lists));
};

const listReferences = async (): Promise<Record<string, string>> => {
  const storage = join(stage.release.gitaly, STORAGE);
  const references = (await findRepositories(storage)).map(async (path) => {
    const { stdout } = await execa('git', [
      '-C',
      join(storage, path),
      'for-each-ref',
      '--format=%(objectname) %(refname)',
    ]);
    return [path, stdout] as const;
  });
  return Object.fromEntries(await Promise.all(references));
};

const damage = async (): Promise<void> => {
  await ask(
    "delete from issues where id % 2 = 0; update ci_variables set encrypted_value = 'gone'; drop table uploads",
  );
  const { Contents = [] } = await stage.s3.send(new ListObjectsV2Command({ Bucket: SOURCE_BUCKETS.lfs }));
  await stage.s3.send(new DeleteObjectCommand({ Bucket: SOURCE_BUCKETS.lfs, Key: Contents[0]?.Key }));
  await stage.s3.send(new PutObjectCommand({ Bucket: SOURCE_BUCKETS.uploads, Key: 'newer', Body: 'newer' }));
  const [path = ''] = Object.keys(before.repositories);
  const head = join(stage.release.gitaly, STORAGE, path, 'packed-refs');
  await writeFile(head, '');
  await execa('git', [
    '-C',
    join(stage.release.gitaly, STORAGE, path),
    'update-ref',
    '-d',
    'refs/heads/main',
  ]);
};

const restore = (more = '') =>
  stage.execute(`GITLAB_ASSUME_YES=1 backup-utility --restore -t ${archive}${more}`);

test('a restore brings back every row, object and reference, and keeps aside what it replaces', async () => {
  await damage();
  expect(await takeFingerprint()).not.toEqual(before);
  const { verdict, log } = await restore();
  expect([verdict.state, log]).toEqual([
    'succeeded',
    expect.stringContaining('[DONE] Restore task is done.'),
  ]);
  expect(judgeRestoreLog(log, 'restore-job')).toMatchObject({ result: 'pass' });
  expect(await takeFingerprint()).toEqual(before);
  const aside = await stage.s3.send(
    new ListObjectsV2Command({ Bucket: BACKUP_BUCKETS.tmp, Prefix: 'uploads.' }),
  );
  expect(aside.Contents?.map(({ Key }) => Key)).toContainEqual(
    expect.stringMatching(/^uploads\.\d{10}\/newer$/),
  );
});

test('nobody answers the question of a restore in a Job, so it ends before the first change', async () => {
  const { verdict, log } = await stage.execute(`backup-utility --restore -t ${archive}`);
  expect([verdict.state, log]).toEqual(['failed', expect.stringContaining('Do you want to continue')]);
  expect(await takeFingerprint()).toEqual(before);
});

test('a restore that is broken off leaves half of a GitLab, and a second one a whole', async () => {
  const { verdict } = await stage.execute(`GITLAB_ASSUME_YES=1 backup-utility --restore -t ${archive}`, {
    failsAt: 'artifacts',
  });
  expect(verdict.state).toBe('failed');
  const half = await takeFingerprint();
  expect(half.objects['artifacts']).toEqual([]);
  expect((await restore()).verdict.state).toBe('succeeded');
  expect(await takeFingerprint()).toEqual(before);
});

test('another version refuses the archive, and changes nothing', async () => {
  await stage.release.upgrade({ global: { gitlabVersion: '18.10.1' } });
  const { verdict, log } = await restore();
  await stage.release.upgrade({});
  expect([verdict.state, log]).toEqual(['failed', expect.stringContaining('GitLab version mismatch')]);
  expect(await takeFingerprint()).toEqual(before);
});

test('the doctor decrypts every column with the keys of the cluster, and none with others', async () => {
  const examine = async () => judgeDoctorSecrets((await stage.execute(CHECK_SCRIPT)).log);
  expect(await examine()).toMatchObject({ result: 'pass' });
  const name = { namespace: stage.release.namespace, name: 'gitlab-rails-secret' };
  const core = loadKubeconfig(stage.kubeconfig).makeApiClient(CoreV1Api);
  const replace = (data: V1Secret['data']) =>
    core.patchNamespacedSecret(
      { ...name, body: { data } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
  const { data } = await core.readNamespacedSecret(name);
  const others = writeSecretsFile(makeRailsKeys(drawFrom('another')));
  await replace({ 'secrets.yml': Buffer.from(others).toString('base64') });
  const found = await examine();
  await replace(data);
  expect(found).toMatchObject({
    result: 'fail',
    message: expect.stringMatching(/^30 rows .*Ci::Variable 24/),
  });
  expect(await examine()).toMatchObject({ result: 'pass' });
});

test('the check misses a repository that a row names', async () => {
  const check = async () => judgeGitLabCheck((await stage.execute(CHECK_SCRIPT)).log);
  expect(await check()).toEqual([expect.objectContaining({ result: 'pass' })]);
  const [path = ''] = Object.keys(before.repositories);
  const head = join(stage.release.gitaly, STORAGE, path, 'HEAD');
  const content = await readFile(head);
  await execa('rm', [head]);
  const found = await check();
  await writeFile(head, content);
  expect(found).toEqual([
    expect.objectContaining({ result: 'warn', message: expect.stringContaining('has its repository? no') }),
  ]);
});

test('the statistics of the database are made anew', async () => {
  const analysed = 'select count(last_analyze)::int as count from pg_stat_user_tables';
  const [none] = await ask(analysed);
  expect(judgeAnalyseLog((await stage.execute(ANALYSE_SCRIPT)).log)).toMatchObject({ result: 'pass' });
  const [some] = await ask(analysed);
  expect(Number(some?.['count'])).toBeGreaterThan(Number(none?.['count']));
});
