import { dirname, join } from 'node:path';
import type { LocalAws } from '../aws/start-aws.ts';
import type { Cluster } from '../cluster/start-cluster.ts';
import { type DatabaseLogin, type LocalPostgresql, startPostgresql } from '../postgresql/start-postgresql.ts';
import type { LocalRds } from '../rds/start-rds.ts';
import { formatDuration, type Report } from '../report.ts';
import { type LocalToolbox, startToolbox } from '../toolbox/start-toolbox.ts';
import { PROJECTS, writeRows } from './database/rows.ts';
import { seedDatabase } from './database/seed-database.ts';
import { installRelease, prepareNamespace } from './install-release.ts';
import {
  BACKUP_BUCKETS,
  GITLAB,
  NATIVE,
  OBJECTS_ROLE,
  SCRATCH,
  SOURCE_BUCKETS,
  TOOLBOX_NODE,
} from './names.ts';
import { makeBuckets, makeObjects } from './objects.ts';
import type { GitLabReleaseOptions } from './options.ts';
import { makeRailsKeys, type RailsKeys } from './rails-secret.ts';
import { makeRepositories } from './repositories.ts';
import { makeIssuer, makeKey, makeObjectsRole, makeSecretsKey, roleArn } from './role.ts';
import { type LocalScratch, scratchGitaly, startScratch } from './scratch/start-scratch.ts';
import { makeSecrets, type NamedSecrets } from './secrets.ts';
import { drawFrom } from './seeded-values.ts';
import { writeValues } from './values.ts';

/** A GitLab in the local cluster, as far as it is backed up and restored. */
export interface LocalGitLabRelease {
  readonly namespace: string;
  readonly release: string;
  /** Master user and all; GitLab's own role is `login`. */
  readonly postgresql: LocalPostgresql;
  readonly login: DatabaseLogin;
  /** Folder that stands for the storages of Gitaly. */
  readonly gitaly: string;
  readonly keys: RailsKeys;
  readonly secrets: NamedSecrets;
  readonly toolbox: LocalToolbox;
  /** There when it was asked for. */
  readonly scratch: LocalScratch | undefined;
  /** `helm upgrade` with these values over those that it was installed with. */
  upgrade(values: Readonly<Record<string, unknown>>): Promise<void>;
  stop(): Promise<void>;
}

export interface StartGitLabRelease {
  readonly folder: string;
  readonly aws: LocalAws;
  readonly cluster: Cluster;
  readonly options: GitLabReleaseOptions;
  /** Where its database is, when it is to be native. */
  readonly rds?: Pick<LocalRds, 'create'> | undefined;
  readonly report: Report;
}

/**
 * Makes everything that a GitLab on EKS stands on, fills it from a seed, and installs the release with the real Helm:
 * database, buckets, repositories, role, Secrets, and the node on which its toolbox runs.
 *
 * @throws Error naming the part that failed; what had been started is stopped then.
 */
export const startGitLabRelease = async (start: StartGitLabRelease): Promise<LocalGitLabRelease> => {
  const { folder, aws, cluster, options, report } = start;
  const began = performance.now();
  const { namespace, release } = GITLAB;
  const seeded = drawFrom(options.seed ?? 'local');
  const keys = makeRailsKeys(seeded);
  const databasePassword = seeded.hex('database-password', 32);
  const secrets = makeSecrets(release, seeded, {
    keys,
    databasePassword,
    region: aws.region,
    registryBucket: SOURCE_BUCKETS.registry,
  });
  const objects = makeObjects(seeded);
  const gitaly = join(folder, 'gitaly');
  const gitalyBucket = options.native ? NATIVE.gitalyBucket : undefined;
  const gitalyBuckets = gitalyBucket === undefined ? [] : [gitalyBucket];
  const scratchFolder = join(folder, 'scratch');
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    // The toolbox first: what its pods do would fail without a database.
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    const postgresql = await startDatabase(start);
    started.push(postgresql);
    const starting: Promise<LocalScratch | undefined> = options.scratch
      ? startScratch({ folder: scratchFolder, aws, cluster, options, rds: start.rds, report })
      : Promise.resolve(undefined);
    // Of one that failed nothing is left; whoever waits for it below is told.
    started.push({ stop: async () => (await starting.catch(() => undefined))?.stop() });
    const hasPeople = async (pods: string): Promise<boolean> =>
      pods === SCRATCH.namespace && (await (await starting)?.hasPeople()) === true;
    const toolbox = await startToolbox({
      folder: join(folder, 'toolbox'),
      kubeconfig: cluster.kubeconfig,
      node: TOOLBOX_NODE,
      aws,
      gitaly: (pods) => (pods === SCRATCH.namespace ? scratchGitaly(scratchFolder) : gitaly),
      gitalyBucket: () => gitalyBucket,
      network: options.scratch ? { hasPeople } : undefined,
      pace: options.pace ?? 1,
      postgresqlBin: dirname(postgresql.program('psql')),
      report,
    });
    started.push(toolbox);
    const { host, port } = postgresql;
    const gitlabVersion = options.version === undefined ? {} : { gitlabVersion: options.version };
    const own = writeValues({
      roleArn: roleArn(aws.account, OBJECTS_ROLE),
      database: { host, port },
      buckets: SOURCE_BUCKETS,
      tmpBucket: BACKUP_BUCKETS.tmp,
      domain: 'example.com',
      // An address, since nobody answers for names in the local world.
      redis: '10.0.0.6',
      ...(gitalyBucket === undefined ? {} : { gitalyBucket }),
      ...gitlabVersion,
    });
    const install = (...values: readonly Readonly<Record<string, unknown>>[]): Promise<void> =>
      installRelease(cluster.kubeconfig, {
        namespace,
        release,
        folder: join(folder, 'helm'),
        values: [own, options.values ?? {}, ...values],
      });
    const [login, scratch] = await Promise.all([
      seedDatabase(postgresql, databasePassword, writeRows(seeded, keys, objects)),
      starting,
      makeRepositories(gitaly, seeded, PROJECTS),
      makeBuckets(aws, objects, gitalyBuckets),
      makeIssuer(aws, cluster.endpoint),
      makeObjectsRole(aws, cluster.endpoint, {
        name: OBJECTS_ROLE,
        namespace,
        buckets: [
          ...Object.values(SOURCE_BUCKETS),
          BACKUP_BUCKETS.archives,
          BACKUP_BUCKETS.tmp,
          ...gitalyBuckets,
        ],
      }),
      makeSecretsKey(aws),
      prepareNamespace(cluster.kubeconfig, namespace, secrets).then(() => install()),
    ]);
    report(`GitLab: release ${namespace}/${release} after ${formatDuration(performance.now() - began)}`);
    const parts = { postgresql, login, gitaly, keys, secrets, toolbox, scratch };
    return { namespace, release, ...parts, upgrade: install, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** A server of its own, or an instance of the local RDS with what people give the database of a GitLab there. */
const startDatabase = async ({
  folder,
  aws,
  options,
  rds,
  report,
}: StartGitLabRelease): Promise<LocalPostgresql> => {
  if (!options.native) return startPostgresql({ folder: join(folder, 'postgresql'), report });
  if (!rds) throw new Error('A native GitLab needs the local RDS.');
  return rds.create(NATIVE.instance, {
    BackupRetentionPeriod: 7,
    PreferredMaintenanceWindow: 'sun:09:00-sun:09:30',
    DeletionProtection: true,
    StorageEncrypted: true,
    KmsKeyId: await makeKey(aws, NATIVE.keyAlias, 'Database of GitLab'),
    TagList: [{ Key: 'team', Value: 'platform' }],
  });
};
