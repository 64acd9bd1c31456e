import { readBackupArguments } from '../backup-arguments.ts';
import { textOf } from '../chart-values.ts';
import { hasTemplate } from '../cron.ts';
import type { ValuesVerdict } from '../finding.ts';
import { isOnS3 } from '../object-stores.ts';
import { EXTRA_ARGS, type ValuesRule } from '../rule.ts';
import { memberOf } from '../value-tree.ts';

const PATH = 'global.registry.bucket';

/**
 * The bucket of the registry is named twice: the registry reads a secret, the toolbox `global.registry.bucket`.
 *
 * Source: GitLab chart, backup-job.yaml, `REGISTRY_BUCKET_NAME`; GitLab documentation, charts, "External object
 * storage", "Docker Registry images"; charts, "Backup and restore", "Bucket not found" (the tool goes on without it).
 */
export const registryBucket: ValuesRule = {
  code: 'registry-bucket',
  title: 'The toolbox backs up the bucket that the registry writes to',
  judge: (values, { registryStorage }) => {
    const isBackedUp = !readBackupArguments(values.text(EXTRA_ARGS) ?? '').skipped.has('registry');
    if (!hasTemplate(values) || !isBackedUp || !isOnS3(values)) return [];
    if (!values.isOn('registry.enabled') || !values.isOn('registry.storage.secret')) return [];
    if (!values.isGiven(PATH)) return [NOT_SET];
    if (registryStorage === undefined) return [HIDDEN];
    const bucket = textOf(memberOf(memberOf(registryStorage, 's3'), 'bucket'));
    return bucket === values.text(PATH) ? [] : [DIFFERENT];
  },
};

const SKIPPED =
  'The tool prints "Bucket not found", leaves the registry out, and ends green; a restore then has no images.';

const NOT_SET: ValuesVerdict = {
  severity: 'trap',
  path: PATH,
  message: `It is not set, so the toolbox looks for images in a bucket called "registry", whatever the registry itself is told in its secret. ${SKIPPED}`,
  remedy: `Write ${PATH} with the bucket of the secret, or skip registry and protect its bucket by versions and a replica.`,
};

const DIFFERENT: ValuesVerdict = {
  severity: 'trap',
  path: PATH,
  message: `It is not the bucket that stands in the secret of the registry (registry.storage). ${SKIPPED}`,
  remedy: 'Write the same bucket in both.',
};

const HIDDEN: ValuesVerdict = {
  severity: 'not-checked',
  path: 'registry.storage.secret',
  message: `The registry takes its bucket from this secret, and the toolbox from ${PATH}; only the second could be read. When they differ, images are in no backup.`,
  remedy: 'Compare the two by hand.',
  option: 'Give the content of the secret with --registry-storage <file>, and they are compared here.',
};
