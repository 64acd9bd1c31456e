import { createWriteStream } from 'node:fs';
import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { runTool } from '../run-tool.ts';
import type { Surroundings } from '../surroundings.ts';
import { nameArchive, TAKEN, type ToolArguments } from '../tool-arguments.ts';
import { restoreBucket } from './restore-bucket.ts';
import { restoreDatabase } from './restore-database.ts';
import { restoreRepositories, restoreServerSide } from './restore-repositories.ts';

/**
 * A restore in the order of the tool: the archive is fetched and unpacked, its version compared, then the database, the
 * repositories and each bucket are replaced. Whatever is not in the archive stays as it is.
 */
export const restoreBackup = async (around: Surroundings, asked: ToolArguments): Promise<void> => {
  if (asked.id === undefined) throw new Error('A restore needs the id of a backup: -t <id>');
  const folder = join(around.scratch, 'restore');
  await rm(around.scratch, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await around.step('download');
  await download(around, nameArchive(asked.id), join(around.scratch, 'archive.tar'));
  console.log('Unpacking backup');
  await runTool('tar', ['-xf', join(around.scratch, 'archive.tar'), '-C', folder]);
  await compareVersions(around, folder);

  const isThere = (name: string): Promise<boolean> =>
    access(join(folder, name)).then(
      () => true,
      () => false,
    );
  if (!asked.skip.has('db') && (await isThere('db'))) {
    confirm('The database is emptied before it is restored');
    await restoreDatabase(around, join(folder, 'db', 'database.sql.gz'));
  }
  if (!asked.skip.has('repositories') && asked.serverSide) {
    await restoreServerSide(around, asked.id);
  } else if (!asked.skip.has('repositories') && (await isThere('repositories'))) {
    await restoreRepositories(around, join(folder, 'repositories'), asked.id);
  }
  for (const component of TAKEN) {
    const file = `${component}.tar.gz`;
    if (!asked.skip.has(component) && (await isThere(file))) {
      await restoreBucket(around, join(folder, file), component);
    }
  }
  console.log('[DONE] Restore task is done.');
};

/** The tool asks a person, and a Job has none: without these it ends here. */
const confirm = (question: string): void => {
  if (process.env['GITLAB_ASSUME_YES'] === '1' || process.env['force'] === 'yes') return;
  throw new Error(`${question}. Do you want to continue (yes/no)? Quitting...`);
};

const download = async (around: Surroundings, key: string, path: string): Promise<void> => {
  const Bucket = around.variable('BACKUP_BUCKET_NAME');
  const { Body } = await around.s3.send(new GetObjectCommand({ Bucket, Key: key }));
  if (Body instanceof Readable) await pipeline(Body, createWriteStream(path));
};

const compareVersions = async ({ version }: Surroundings, folder: string): Promise<void> => {
  const text = await readFile(join(folder, 'backup_information.yml'), 'utf8');
  const [, written = 'none'] = /^:gitlab_version: (\S+)$/m.exec(text) ?? [];
  if (written === version) return;
  throw new Error(
    `GitLab version mismatch: this GitLab is ${version}, and the backup is of ${written}. Nothing was restored.`,
  );
};
