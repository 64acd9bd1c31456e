import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Surroundings } from '../surroundings.ts';
import { nameArchive, TAKEN, type ToolArguments } from '../tool-arguments.ts';
import { dumpBucket } from './dump-bucket.ts';
import { dumpDatabase } from './dump-database.ts';
import { dumpRepositories } from './dump-repositories.ts';
import { packArchive } from './pack-archive.ts';
import { uploadArchive } from './upload-archive.ts';
import { writeInformation } from './write-information.ts';

/**
 * A backup in the order of the tool: database, repositories, buckets, what tells of it, all in one tar, uploaded. What
 * a bucket does not give is passed over.
 */
export const makeBackup = async (around: Surroundings, asked: ToolArguments): Promise<void> => {
  const { version, scratch } = around;
  const startedAt = new Date();
  const id = asked.id ?? nameBackup(startedAt, version);
  const folder = join(scratch, 'backup');
  await rm(scratch, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });

  if (!asked.skip.has('db')) await dumpDatabase(around, folder);
  if (!asked.skip.has('repositories')) {
    await dumpRepositories(around, folder, { id, serverSide: asked.serverSide });
  }
  for (const component of TAKEN) {
    if (!asked.skip.has(component)) await dumpBucket(around, folder, component);
  }
  await around.step('information');
  await writeInformation(around, folder, startedAt, asked);

  await around.step('tar');
  console.log('Packing up backup tar');
  const archive = join(scratch, nameArchive(id));
  await packArchive(folder, archive, around.troubles.withoutEnd);
  await around.step('upload');
  const bucket = around.variable('BACKUP_BUCKET_NAME');
  await uploadArchive(around, { archive, bucket, key: nameArchive(id) }, asked);
  console.log(`[DONE] Backup can be found at s3://${bucket}/${nameArchive(id)}`);
};

const nameBackup = (at: Date, version: string): string =>
  `${Math.floor(at.getTime() / 1_000)}_${at.toISOString().slice(0, 10).replaceAll('-', '_')}_${version}`;
