import { bundledServices } from '../../../../functions/backup/values/rules/bundled-services.ts';
import { gitalyVolumes } from '../../../../functions/backup/values/rules/gitaly-volumes.ts';
import { ingressNginx } from '../../../../functions/backup/values/rules/ingress-nginx.ts';
import { postgresqlVersion } from '../../../../functions/backup/values/rules/postgresql-version.ts';
import { praefectSecret } from '../../../../functions/backup/values/rules/praefect-secret.ts';
import { praefectTls } from '../../../../functions/backup/values/rules/praefect-tls.ts';
import { redisContent } from '../../../../functions/backup/values/rules/redis-content.ts';
import { registryDatabase } from '../../../../functions/backup/values/rules/registry-database.ts';
import { describeRule } from '../describe-rule.ts';

const praefect = (yaml: string): string => `global: { praefect: { enabled: true, ${yaml} } }`;

describeRule(praefectTls, [
  { it: 'no Praefect has no database', given: '', finds: [] },
  {
    it: 'the default is clear text',
    given: praefect('psql: { host: db }'),
    finds: ['risk global.praefect.psql.sslMode'],
    says: ['"disable"', 'PostgreSQL 15'],
  },
  {
    it: 'prefer may be clear text',
    given: praefect('psql: { sslMode: prefer }'),
    finds: ['risk global.praefect.psql.sslMode'],
    says: ['when TLS is not offered'],
  },
  { it: 'require is TLS', given: praefect('psql: { sslMode: require }'), finds: [] },
  { it: 'verify-full is best', given: praefect('psql: { sslMode: verify-full }'), finds: [] },
]);

describeRule(praefectSecret, [
  {
    it: 'with a host nobody makes the secret',
    given: praefect('psql: { host: db }'),
    finds: ['risk global.praefect.dbSecret.secret'],
  },
  {
    it: 'one that is named is there',
    given: praefect('psql: { host: db }, dbSecret: { secret: praefect-db }'),
    finds: [],
  },
  { it: 'without a host the chart makes it', given: praefect(''), finds: [] },
]);

const HOST = 'global.psql.host';
describeRule(postgresqlVersion, [
  { it: '17.4 is enough for chart 10', given: '', finds: [] },
  {
    it: '16.9 is not',
    given: '',
    knowing: { postgresql: '16.9' },
    finds: [`trap ${HOST}`],
    says: ['GitLab 19 (chart 10) needs 17.0'],
  },
  { it: '17 is enough', given: '', knowing: { postgresql: '17' }, finds: [] },
  { it: '16.5 is enough for chart 9', given: '', knowing: { chart: 9, postgresql: '16.5' }, finds: [] },
  {
    it: '16.4 is not',
    given: '',
    knowing: { chart: 9, postgresql: '16.4' },
    finds: [`trap ${HOST}`],
    says: ['GitLab 18 (chart 9) needs 16.5'],
  },
  { it: '16.10 is newer than 16.5', given: '', knowing: { chart: 9, postgresql: '16.10' }, finds: [] },
  { it: 'of some 16 nothing bad is known', given: '', knowing: { chart: 9, postgresql: '16' }, finds: [] },
  {
    it: '16.6 is a risk to a chart of unknown version',
    given: '',
    knowing: { chart: undefined, postgresql: '16.6' },
    finds: [`risk ${HOST}`],
  },
  {
    it: '15.9 is a trap to both',
    given: '',
    knowing: { chart: undefined, postgresql: '15.9' },
    finds: [`trap ${HOST}`],
  },
  {
    it: 'nobody said the version',
    given: '',
    knowing: { postgresql: undefined },
    finds: [`not-checked ${HOST}`],
  },
  {
    it: 'the chart says its own',
    given: `global: { psql: { host: null } }\npostgresql: { install: true, image: { tag: 14.8.0 } }`,
    knowing: { chart: 9, postgresql: undefined },
    finds: ['trap postgresql.image.tag'],
  },
]);

describeRule(bundledServices, [
  { it: 'all are outside', given: '', finds: [] },
  {
    it: 'a default that was deleted is not installed',
    given: 'postgresql: null\nredis: null\nglobal: { minio: null }',
    knowing: { chart: 9 },
    finds: [],
  },
  {
    it: 'chart 9 has them, for trials',
    given: 'postgresql: { install: true }\nredis: { install: true }\nglobal: { minio: { enabled: true } }',
    knowing: { chart: 9 },
    finds: ['risk postgresql.install', 'risk redis.install', 'risk global.minio.enabled'],
  },
  {
    it: 'chart 10 refuses them',
    given: 'redis: { install: true }',
    finds: ['trap redis.install'],
    says: ['refuses'],
  },
  {
    it: 'of a chart of unknown version they are a risk',
    given: 'redis: { install: true }',
    knowing: { chart: undefined },
    finds: ['risk redis.install'],
  },
]);

describeRule(ingressNginx, [
  { it: 'it is off', given: '', finds: [] },
  { it: 'it is on', given: 'nginx-ingress: { enabled: true }', finds: ['risk nginx-ingress.enabled'] },
  {
    it: 'a second one for Geo',
    given: 'nginx-ingress-geo: { enabled: true }',
    finds: ['risk nginx-ingress-geo.enabled'],
  },
  {
    it: 'settings of one that is off do not count',
    given: 'nginx-ingress: { controller: { replicaCount: 2 } }',
    finds: [],
  },
]);

const USER = 'gitlab.toolbox.backups.registry.database.backupUser';
const database = (yaml: string): string =>
  `registry: { database: { enabled: true } }\ngitlab: { toolbox: { backups: { ${yaml} } } }`;
describeRule(registryDatabase, [
  { it: 'the registry has no database', given: '', finds: [] },
  { it: 'it has, and nobody dumps it', given: database(''), finds: [`trap ${USER}`] },
  {
    it: 'the toolbox has a user',
    given: database('registry: { database: { backupUser: backup } }'),
    finds: [],
  },
  {
    it: 'an empty user is none',
    given: database('registry: { database: { backupUser: "" } }'),
    finds: [`trap ${USER}`],
  },
]);

describeRule(gitalyVolumes, [
  { it: 'by default there is a volume', given: '', finds: [] },
  {
    it: 'without one all is lost',
    given: 'gitlab: { gitaly: { persistence: { enabled: false } } }',
    finds: ['trap gitlab.gitaly.persistence.enabled'],
  },
  {
    it: 'so it is behind Praefect',
    given: praefect('virtualStorages: [{ name: default }, { name: b, persistence: { enabled: false } }]'),
    finds: ['trap global.praefect.virtualStorages[1].persistence.enabled'],
  },
  {
    it: 'a Gitaly outside has its own disks',
    given: 'global: { gitaly: { enabled: false } }\ngitlab: { gitaly: { persistence: { enabled: false } } }',
    finds: [],
  },
]);

describeRule(redisContent, [
  { it: 'is noted of every installation', given: '', finds: ['note global.redis.host'], says: ['Sidekiq'] },
]);
