import { defaultBuckets } from '../../../../functions/backup/values/rules/default-buckets.ts';
import { mixedConnections } from '../../../../functions/backup/values/rules/mixed-connections.ts';
import { registryBucket } from '../../../../functions/backup/values/rules/registry-bucket.ts';
import { roleEndpoint } from '../../../../functions/backup/values/rules/role-endpoint.ts';
import { s3cfgSecret } from '../../../../functions/backup/values/rules/s3cfg-secret.ts';
import { sharedBuckets } from '../../../../functions/backup/values/rules/shared-buckets.ts';
import { tmpBucket } from '../../../../functions/backup/values/rules/tmp-bucket.ts';
import { describeRule } from '../describe-rule.ts';
import { args } from '../ordinary-values.ts';

const APP = 'global.appConfig';
const app = (yaml: string): string => `global: { appConfig: { ${yaml} } }`;

describeRule(sharedBuckets, [
  { it: 'each has its own', given: '', finds: [] },
  {
    it: 'two kinds in one',
    given: app('uploads: { bucket: acme-lfs }'),
    finds: [`trap ${APP}.uploads.bucket`],
    says: ['"acme-lfs"', 'LFS objects and uploads'],
  },
  {
    it: 'a prefix is no bucket',
    given: app('uploads: { bucket: acme-lfs/uploads }'),
    finds: [`trap ${APP}.uploads.bucket`],
  },
  {
    it: 'three kinds in one are one finding',
    given: app('uploads: { bucket: x }, lfs: { bucket: x }, packages: { bucket: x }'),
    finds: [`trap ${APP}.packages.bucket`],
  },
  {
    it: 'the default of another kind',
    given: app('artifacts: { bucket: null }, uploads: { bucket: gitlab-artifacts }'),
    finds: [],
  },
  {
    it: 'backups beside data',
    given: app('backups: { bucket: acme-lfs }'),
    finds: [`trap ${APP}.backups.bucket`],
  },
  {
    it: 'rescue copies beside data',
    given: app('backups: { tmpBucket: acme-lfs }'),
    finds: [`trap ${APP}.backups.tmpBucket`],
  },
  {
    it: 'backups and rescue copies alone are the matter of another rule',
    given: app('backups: { tmpBucket: acme-backups }'),
    finds: [],
  },
  {
    it: 'a kind that is off has no bucket',
    given: app('terraformState: { enabled: false, bucket: acme-lfs }'),
    finds: [],
  },
  {
    it: 'a kind that is on has',
    given: app('terraformState: { enabled: true, bucket: acme-lfs }'),
    finds: [`trap ${APP}.terraformState.bucket`],
  },
  {
    it: 'the registry counts',
    given: 'global: { registry: { bucket: acme-uploads } }',
    finds: ['trap global.registry.bucket'],
  },
  { it: 'names are compared whole', given: app('uploads: { bucket: acme-lfs-2 }'), finds: [] },
]);

describeRule(tmpBucket, [
  { it: 'two buckets', given: '', finds: [] },
  {
    it: 'one for both',
    given: app('backups: { tmpBucket: acme-backups }'),
    finds: [`trap ${APP}.backups.tmpBucket`],
  },
  {
    it: 'a prefix makes no second one',
    given: app('backups: { tmpBucket: acme-backups/tmp }'),
    finds: [`trap ${APP}.backups.tmpBucket`],
  },
]);

describeRule(defaultBuckets, [
  { it: 'both are set', given: '', finds: [] },
  {
    it: 'neither is',
    given: app('backups: null'),
    finds: [`risk ${APP}.backups.bucket`, `risk ${APP}.backups.tmpBucket`],
    says: ['nowhere to go', 'a restore fails'],
  },
  { it: 'one is not', given: app('backups: { tmpBucket: null }'), finds: [`risk ${APP}.backups.tmpBucket`] },
  {
    it: 'MinIO of the chart makes them',
    given: app('object_store: { enabled: false }, backups: null'),
    finds: [],
  },
]);

describeRule(registryBucket, [
  { it: 'the secret names the same bucket', given: '', finds: [] },
  {
    it: 'the secret names another',
    given: '',
    knowing: { registryStorage: { s3: { bucket: 'acme-registry-2' } } },
    finds: ['trap global.registry.bucket'],
    says: ['Bucket not found'],
  },
  {
    it: 'the secret names none',
    given: '',
    knowing: { registryStorage: { gcs: {} } },
    finds: ['trap global.registry.bucket'],
  },
  {
    it: 'the secret is not given',
    given: '',
    knowing: { registryStorage: undefined },
    finds: ['not-checked registry.storage.secret'],
  },
  {
    it: 'the bucket is not set',
    given: 'global: { registry: null }',
    knowing: { registryStorage: undefined },
    finds: ['trap global.registry.bucket'],
    says: ['called "registry"'],
  },
  {
    it: 'a registry that is skipped is not looked for',
    given: args('--skip registry'),
    knowing: { registryStorage: undefined },
    finds: [],
  },
  {
    it: 'no registry has no bucket',
    given: 'registry: { enabled: false }',
    knowing: { registryStorage: undefined },
    finds: [],
  },
]);

describeRule(mixedConnections, [
  { it: 'one connection for all', given: '', finds: [] },
  {
    it: 'one beside it',
    given: app('lfs: { connection: { secret: other } }'),
    finds: [`trap ${APP}.lfs.connection`],
  },
  { it: 'an empty one is none', given: app('lfs: { connection: {} }'), finds: [] },
  {
    it: 'one of a kind that is off does not count',
    given: app('externalDiffs: { connection: { secret: other } }'),
    finds: [],
  },
  {
    it: 'each kind by itself is the other form',
    given: app('object_store: { enabled: false }, lfs: { connection: { secret: other } }'),
    finds: [],
  },
  {
    it: 'pages may have one',
    given: 'global: { pages: { enabled: true, objectStore: { connection: { secret: other } } } }',
    finds: [],
  },
]);

const CONNECTION = `${APP}.object_store.connection`;
const endpoint = { use_iam_profile: true, endpoint: 'https://s3.eu-central-1.amazonaws.com' };
describeRule(roleEndpoint, [
  { it: 'a role without endpoint', given: '', finds: [] },
  {
    it: 'a role with one',
    given: '',
    knowing: { connection: endpoint },
    finds: [`trap ${CONNECTION}`],
    says: ['WebIdentityErr'],
  },
  {
    it: 'a role of another kind',
    given: 'global: { serviceAccount: null }',
    knowing: { connection: endpoint },
    finds: [`trap ${CONNECTION}`],
  },
  {
    it: 'keys of their own may have one',
    given: '',
    knowing: { connection: { aws_access_key_id: 'x', endpoint: 'https://minio' } },
    finds: [],
  },
  {
    it: 'nobody saw the secret',
    given: '',
    knowing: { connection: undefined },
    finds: [`not-checked ${CONNECTION}.secret`],
  },
  {
    it: 'without a role it does not matter',
    given: 'global: { serviceAccount: null }',
    knowing: { connection: undefined },
    finds: [],
  },
  {
    it: 'a role of the toolbox counts',
    given:
      'global: { serviceAccount: null }\ngitlab: { toolbox: { serviceAccount: { annotations: { eks.amazonaws.com/role-arn: a } } } }',
    knowing: { connection: undefined },
    finds: [`not-checked ${CONNECTION}.secret`],
  },
  {
    it: 'an empty endpoint is none',
    given: '',
    knowing: { connection: { use_iam_profile: true, endpoint: '' } },
    finds: [],
  },
]);

const S3CFG = 'gitlab.toolbox.backups.objectStorage.config.secret';
const storage = (yaml: string): string => `gitlab: { toolbox: { backups: { objectStorage: { ${yaml} } } } }`;
describeRule(s3cfgSecret, [
  { it: 'it is there', given: '', finds: [] },
  {
    it: 'it is not, also with awscli',
    given: storage('config: null'),
    finds: [`trap ${S3CFG}`],
    says: ['also with --s3tool awscli'],
  },
  { it: 'gcs needs none', given: storage('backend: gcs, config: null'), finds: [] },
  {
    it: 'MinIO of chart 9 is on without a word',
    given: `${storage('config: null')}\nglobal: { minio: null, appConfig: { object_store: { enabled: false } } }`,
    knowing: { chart: undefined },
    finds: [],
  },
  {
    it: 'chart 10 has no MinIO',
    given: `${storage('config: null')}\nglobal: { minio: null, appConfig: { object_store: { enabled: false } } }`,
    finds: [`trap ${S3CFG}`],
  },
  {
    it: 'who connects a bucket outside has none',
    given: `${storage('config: null')}\nglobal: { minio: null }`,
    knowing: { chart: undefined },
    finds: [`trap ${S3CFG}`],
  },
  {
    it: 'MinIO of the chart brings its own',
    given: `${storage('config: null')}\nglobal: { minio: { enabled: true } }`,
    finds: [],
  },
]);
