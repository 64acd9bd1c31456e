import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BucketComponent } from '../../../gitlab-release/names.ts';
import { downloadKeys, listKeys } from '../buckets.ts';
import { runTool } from '../run-tool.ts';
import type { Surroundings } from '../surroundings.ts';
import { bucketVariable } from '../tool-arguments.ts';

/**
 * The objects of one bucket as `<component>.tar.gz`. A bucket that can not be listed, whatever the cause, is taken for
 * one that is not there, and the backup goes on; of an empty one there is no file.
 */
export const dumpBucket = async (
  around: Surroundings,
  folder: string,
  component: BucketComponent,
): Promise<void> => {
  await around.step(component);
  const bucket = around.variable(bucketVariable(component));
  console.log(`Dumping ${component} ...`);
  const isSkipped = around.troubles.skippedBuckets.includes(component);
  const keys = isSkipped ? undefined : await listKeys(around.s3, bucket).catch(() => undefined);
  if (keys === undefined) {
    console.log(`Bucket not found: ${bucket}. Skipping backup of ${component} ...`);
    return;
  }
  if (keys.length === 0) {
    console.log('empty');
    return;
  }
  const copy = join(around.scratch, component);
  await mkdir(copy, { recursive: true });
  await downloadKeys(around.s3, bucket, keys, copy);
  await runTool('tar', ['-czf', join(folder, `${component}.tar.gz`), '-C', copy, '.']);
  await rm(copy, { recursive: true });
  console.log('done');
};
