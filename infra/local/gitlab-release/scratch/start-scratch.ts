import { join } from 'node:path';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { LocalAws } from '../../aws/start-aws.ts';
import type { Cluster } from '../../cluster/start-cluster.ts';
import {
  type DatabaseLogin,
  type LocalPostgresql,
  startPostgresql,
} from '../../postgresql/start-postgresql.ts';
import type { LocalRds } from '../../rds/start-rds.ts';
import { formatDuration, type Report } from '../../report.ts';
import { makeDatabase } from '../database/seed-database.ts';
import { installRelease, prepareNamespace } from '../install-release.ts';
import {
  BACKUP_BUCKETS,
  NATIVE,
  OWN_SECRETS,
  SCRATCH,
  SCRATCH_BUCKETS,
  SCRATCH_INSTANCE,
  SCRATCH_ROLE,
  SCRATCH_TMP_BUCKET,
} from '../names.ts';
import { makeScratchBuckets } from '../objects.ts';
import type { GitLabReleaseOptions } from '../options.ts';
import { makeRailsKeys } from '../rails-secret.ts';
import { makeObjectsRole, roleArn } from '../role.ts';
import { makeSecrets, type NamedSecrets } from '../secrets.ts';
import { drawFrom } from '../seeded-values.ts';
import { SCRATCH_VALUES, writeValues } from '../values.ts';

/** A second GitLab in which nobody works: database, buckets, role, keys and repositories of its own, all at 0. */
export interface LocalScratch {
  readonly namespace: string;
  readonly release: string;
  readonly postgresql: LocalPostgresql;
  readonly login: DatabaseLogin;
  /** Are there people in its database, as seen with the password that its Secret has at this moment? */
  hasPeople(): Promise<boolean>;
  /** Folder that stands for the storages of its Gitaly. */
  readonly gitaly: string;
  readonly secrets: NamedSecrets;
  /** `helm upgrade` with these values over those that it was installed with. */
  upgrade(values: Readonly<Record<string, unknown>>): Promise<void>;
  stop(): Promise<void>;
}

export interface StartScratch {
  readonly folder: string;
  readonly aws: LocalAws;
  readonly cluster: Cluster;
  readonly options: Pick<GitLabReleaseOptions, 'version' | 'native'>;
  /** Where its database is, when it is to take native sets. */
  readonly rds: Pick<LocalRds, 'create'> | undefined;
  readonly report: Report;
}

/** Another address of this machine than that of every other server: Linux answers for all of 127.0.0.0/8. */
const HOST = '127.0.0.2';
/** Keys, passwords and tokens are none of the other GitLab's. */
const SEED = 'scratch';

/** Its repositories. @param folder of the scratch, as `startScratch` is given it. */
export const scratchGitaly = (folder: string): string => join(folder, 'gitaly');

/** Makes it, with the schema of a new installation and nothing else. @throws Error naming the part that failed. */
export const startScratch = async (start: StartScratch): Promise<LocalScratch> => {
  const { folder, aws, cluster, options, report } = start;
  const began = performance.now();
  const { namespace, release } = SCRATCH;
  const seeded = drawFrom(SEED);
  const databasePassword = seeded.hex('database-password', 32);
  const secrets = makeSecrets(release, seeded, {
    keys: makeRailsKeys(seeded),
    databasePassword,
    region: aws.region,
    registryBucket: SCRATCH_BUCKETS.registry,
  });
  const postgresql = await startDatabase(start);
  // From there the backups of the other GitLab come, as archives or out of Gitaly; nobody writes there from here.
  const gitalyBucket = options.native ? NATIVE.gitalyBucket : undefined;
  const own = writeValues({
    roleArn: roleArn(aws.account, SCRATCH_ROLE),
    database: { host: postgresql.host, port: postgresql.port },
    buckets: SCRATCH_BUCKETS,
    tmpBucket: SCRATCH_TMP_BUCKET,
    domain: 'scratch.example.com',
    ...(gitalyBucket === undefined ? {} : { gitalyBucket }),
    ...(options.version === undefined ? {} : { gitlabVersion: options.version }),
  });
  const install = (...values: readonly Readonly<Record<string, unknown>>[]): Promise<void> =>
    installRelease(cluster.kubeconfig, {
      namespace,
      release,
      folder: join(folder, 'helm'),
      values: [own, SCRATCH_VALUES, ...values],
    });
  try {
    const [login] = await Promise.all([
      makeDatabase(postgresql, databasePassword),
      makeScratchBuckets(aws),
      makeObjectsRole(aws, cluster.endpoint, {
        name: SCRATCH_ROLE,
        namespace,
        buckets: [...Object.values(SCRATCH_BUCKETS), SCRATCH_TMP_BUCKET],
        read: [BACKUP_BUCKETS.archives, ...(gitalyBucket === undefined ? [] : [gitalyBucket])],
      }),
      prepareNamespace(cluster.kubeconfig, namespace, secrets).then(() => install()),
    ]);
    report(`GitLab: scratch ${namespace}/${release} after ${formatDuration(performance.now() - began)}`);
    const gitaly = scratchGitaly(folder);
    return {
      namespace,
      release,
      postgresql,
      login,
      hasPeople: async () => {
        const password = await readPassword(cluster.kubeconfig, namespace);
        const sql = 'select count(*) > 0 as any from users';
        const [row] = await postgresql.query(sql, [], { ...login, password });
        return row?.['any'] === true;
      },
      gitaly,
      secrets,
      upgrade: install,
      stop: () => postgresql.stop(),
    };
  } catch (error) {
    await postgresql.stop();
    throw error;
  }
};

/** A server of its own, or an instance of the local RDS: smaller than the other, and nobody would miss it. */
const startDatabase = ({ folder, options, rds, report }: StartScratch): Promise<LocalPostgresql> => {
  if (!options.native) return startPostgresql({ folder: join(folder, 'postgresql'), host: HOST, report });
  if (!rds) throw new Error('A scratch of native sets needs the local RDS.');
  return rds.create(SCRATCH_INSTANCE, { DBInstanceClass: 'db.t4g.medium', BackupRetentionPeriod: 0 });
};

const readPassword = async (kubeconfig: string, namespace: string): Promise<string> => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const name = OWN_SECRETS.database;
  const { data } = await config.makeApiClient(CoreV1Api).readNamespacedSecret({ namespace, name });
  return Buffer.from(data?.['postgresql-password'] ?? '', 'base64').toString();
};
