import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BucketComponent } from '../../../gitlab-release/names.ts';
import { copyKeys, deleteKeys, listKeys, uploadFolder } from '../buckets.ts';
import { runTool } from '../run-tool.ts';
import type { Surroundings } from '../surroundings.ts';
import { bucketVariable } from '../tool-arguments.ts';

/**
 * Replaces the content of a bucket: what is in it is copied aside into the tmp bucket, below `<component>.<epoch>/`, then
 * deleted, and only then comes what the archive holds. A failure behind the deletion leaves the bucket empty.
 */
export const restoreBucket = async (
  around: Surroundings,
  file: string,
  component: BucketComponent,
): Promise<void> => {
  const { s3 } = around;
  const bucket = around.variable(bucketVariable(component));
  console.log(`Restoring ${component} ...`);
  const folder = join(around.scratch, component);
  await mkdir(folder, { recursive: true });
  await runTool('tar', ['-xzf', file, '-C', folder]);
  const keys = await listKeys(s3, bucket);
  const prefix = `${component}.${Math.floor(Date.now() / 1_000)}/`;
  await copyKeys(s3, bucket, keys, { bucket: around.variable('TMP_BUCKET_NAME'), prefix });
  await deleteKeys(s3, bucket, keys);
  await around.step(component);
  await uploadFolder(s3, folder, bucket);
  await rm(folder, { recursive: true });
  console.log('done');
};
