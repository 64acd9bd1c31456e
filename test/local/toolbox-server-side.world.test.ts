import { join } from 'node:path';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tallyManifests } from '../../functions/backup/marks/gitaly-count.ts';
import { judgeRepositoriesLog } from '../../functions/backup/restore/checks/restore-log.ts';
import { readBackupLog } from '../../functions/backup/verify/log-evidence.ts';
import { NATIVE } from '../../infra/local/gitlab-release/names.ts';
import { hashedPath, STORAGE } from '../../infra/local/gitlab-release/repositories.ts';
import { findRepositories } from '../../infra/local/toolbox/programs/backup/dump-repositories.ts';
import { openToolboxStage, type ToolboxRun, type ToolboxStage } from './fixtures/toolbox-stage.ts';

/** Server-side backups of the toolbox of the local world: bundles in the bucket of Gitaly, and back. */

let stage: ToolboxStage;
let made: ToolboxRun;
let before: Readonly<Record<string, string>>;
beforeAll(async () => {
  stage = await openToolboxStage({ native: true });
  before = await listReferences();
  made = await stage.backUp();
});
afterAll(() => stage?.stop());

const Bucket = NATIVE.gitalyBucket;
const storage = () => join(stage.release.gitaly, STORAGE);
const listReferences = async (): Promise<Record<string, string>> => {
  const references = (await findRepositories(storage())).map(async (path) => {
    const { stdout } = await execa('git', ['-C', join(storage(), path), 'for-each-ref']);
    return [path, stdout] as const;
  });
  return Object.fromEntries(await Promise.all(references));
};
const listKeys = async (): Promise<string[]> => {
  const { Contents = [] } = await stage.s3.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key = '' }) => Key);
};
const restore = () =>
  stage.execute(
    `backup-utility --restore -t ${made.id} --repositories-server-side --skip db,uploads,registry,artifacts,lfs,packages,external_diffs,terraform_state,pages,ci_secure_files`,
  );
const damage = async (): Promise<Readonly<Record<string, string>>> => {
  const path = join(storage(), `${hashedPath(1)}.git`);
  await execa('git', ['-C', path, 'update-ref', 'refs/heads/newer', 'v1.0']);
  const damaged = await listReferences();
  expect(damaged).not.toEqual(before);
  return damaged;
};

test('a backup puts manifests and bundles where Gitaly does, and where Drydock counts them', async () => {
  expect(made.verdict).toMatchObject({ state: 'succeeded' });
  const keys = await listKeys();
  expect(tallyManifests({ projects: 0, besides: 0 }, keys, made.id)).toEqual({ projects: 6, besides: 3 });
  const path = `${hashedPath(1)}.git`;
  expect(keys.filter((key) => key.includes(hashedPath(1))).toSorted()).toEqual(
    [
      `${STORAGE}/${path}/${made.id}/001.bundle`,
      `${STORAGE}/${path}/${made.id}/001.refs`,
      `manifests/${STORAGE}/${path}/${made.id}.toml`,
      `manifests/${STORAGE}/${path}/+latest.toml`,
    ].toSorted(),
  );
  const written = { projects: 6, besides: 3 };
  expect(readBackupLog(made.log.split('\n'))).toMatchObject({ findings: [], repositories: written });
});

test('a restore brings back every reference, and says that Gitaly did', async () => {
  await damage();
  const { verdict, log } = await restore();
  expect(verdict).toMatchObject({ state: 'succeeded' });
  expect(await listReferences()).toEqual(before);
  expect(judgeRepositoriesLog(log, 'restore-repositories')).toMatchObject({ result: 'pass' });
});

test('a restore without the manifest of a project is refused, and replaces nothing', async () => {
  const damaged = await damage();
  const Key = `manifests/${STORAGE}/${hashedPath(2)}.git/${made.id}.toml`;
  await stage.s3.send(new DeleteObjectCommand({ Bucket, Key }));
  const { verdict, log } = await restore();
  expect(verdict).toMatchObject({ state: 'failed' });
  expect(log).toContain(`no manifest of ${made.id}`);
  expect(await listReferences()).toEqual(damaged);
});
