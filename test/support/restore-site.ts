import { nameSafetyBackup } from '../../functions/backup/restore/reading/safety-backup.ts';
import { openSetStore } from '../../functions/backup/sets/set-store.ts';
import type { ExecutionStart, ExecutionState } from '../../functions/clients/executions.ts';
import type { HelmReleases } from '../../functions/clients/helm-releases.ts';
import type { KubernetesJobs } from '../../functions/clients/kubernetes-jobs.ts';
import type { WantedSecret } from '../../functions/clients/kubernetes-secret-writing.ts';
import { openLocks } from '../../functions/clients/locks.ts';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { openPauses } from '../../functions/clients/pauses.ts';
import { openSecretVault } from '../../functions/clients/secret-vault.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { buildRelease } from '../backup/release/release-builder.ts';
import { buildAutoscaler, buildCronJob, buildWorkload } from '../backup/restore/restore-builders.ts';
import { GOOD_LOG } from '../backup/restore/restore-world.ts';
import { chartCronJobBody } from './chart-cron-job.ts';
import { createFakeArchives } from './fake-archives.ts';
import { createFakeDatabaseRestore } from './fake-database-restore.ts';
import { createFakeDatabases } from './fake-databases.ts';
import { createFakeKubernetesJobs } from './fake-kubernetes-jobs.ts';
import { createFakeKubernetesScaling } from './fake-kubernetes-scaling.ts';
import { createFakeObjectVersions } from './fake-object-versions.ts';
import { createFakeRoleSimulation } from './fake-role-simulation.ts';
import { createFixedClock } from './fixed-clock.ts';
import { createKillSwitch } from './kill-switch.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { createMemoryVault } from './memory-vault.ts';
import { ADDRESSES, writeOwnValues } from './own-values.ts';
import { BACKUP_MACHINE, makeSafetySet, putSet, RAILS, type SiteState, secretsOf } from './restore-set.ts';
import { createFakeNotifier } from './target-events.ts';

/** A GitLab in memory with a verified set whose key of Rails is another one than that which stands there now. */

export const START = '2026-11-22T09:00:00.000Z';
export const WEB = 'gitlab-webservice-default';
export const SIDEKIQ = 'gitlab-sidekiq-all';

export const SITE_CONFIGURATION = Configuration.parse({
  version: 1,
  sites: { main: { account: '111122223333', region: 'eu-central-1' } },
  environments: {
    production: { site: 'main', cluster: { name: 'blue' }, gitlab: { url: 'https://gitlab.example.com' } },
  },
  backup: {
    environments: {
      production: {
        role: 'arn:aws:iam::111122223333:role/gitlab-toolbox',
        destination: { bucket: 'acme-backups' },
        tmpBucket: 'acme-tmp',
        secrets: { bucket: 'acme-secrets', kmsKey: 'alias/secrets' },
        restore: { scratch: { namespace: 'gitlab-scratch' } },
        policies: {
          daily: { schedule: 'cron(0 3 * * ? *)' },
          hourly: { schedule: 'cron(30 * * * ? *)', skip: ['repositories'], versions: [] },
        },
      },
    },
  },
});

/** What of the place an undoing has to bring back. */
export const snapshotSite = async ({ scaling, secrets, cluster }: RestoreSite) => ({
  replicas: (await scaling.listWorkloads('gitlab')).map(({ name, replicas }) => [name, replicas]),
  paused: (await scaling.listAutoscalers('gitlab')).map(({ name, annotations }) => [name, annotations]),
  suspended: (await scaling.listCronJobs('gitlab')).map(({ name, suspended }) => [name, suspended]),
  rails: Buffer.from(secrets.get(RAILS)?.data['secrets.yml'] ?? [])
    .toString()
    .slice(0, 4_000),
  jobs: listChangingJobs({ cluster }).length > 0,
});

export const createRestoreSite = async () => {
  const clock = createFixedClock(START);
  const kill = createKillSwitch();
  const memory = createMemoryLedger();
  const ledger = kill.guard(memory);
  const cluster = createFakeKubernetesJobs(() => clock.now());
  cluster.putCronJob('gitlab', chartCronJobBody());
  cluster.writeLog(
    GOOD_LOG.split('\n').map(
      (line, index) => `2026-11-22T09:00:${String(index).padStart(2, '0')}.000000000Z ${line}`,
    ),
  );
  const scaling = createFakeKubernetesScaling();
  scaling.putWorkload(buildWorkload(WEB, { app: 'webservice', replicas: 3 }));
  scaling.putWorkload(buildWorkload(SIDEKIQ, { app: 'sidekiq' }));
  scaling.putWorkload(buildWorkload('gitlab-toolbox', { app: 'toolbox', replicas: 1 }));
  scaling.putAutoscaler(buildAutoscaler('ScaledObject', SIDEKIQ));
  scaling.putCronJob(buildCronJob('gitlab-clean-up'));
  const secrets = secretsOf('a');
  const vaultMemory = createMemoryVault();
  const vault = openSecretVault(
    {
      environment: 'production',
      secrets: { bucket: 'acme-secrets', kmsKey: 'alias/secrets' },
      archives: { bucket: 'acme-backups' },
    },
    { keys: vaultMemory.keys, store: kill.guard(vaultMemory.store) },
  );
  const notifier = createFakeNotifier();
  const sets = openSetStore({ ledger, clock, policiesOf: () => ['daily', 'hourly'] });
  const quiet = openSetStore({ ledger: memory, clock, policiesOf: () => ['daily', 'hourly'] });
  const set = await putSet(quiet, memory, vault, secretsOf('b'));
  const archives = createFakeArchives(set);
  const started = new Map<string, ExecutionStart>();
  const state: SiteState = {
    safety: 'verified',
    failing: [],
    scratchValues: writeOwnValues('scratch'),
    signIn: true,
    clone: { state: 'answered', project: 'https://gitlab.example.com/a/b.git' },
  };
  const executions = kill.guard({
    start: async (request: ExecutionStart) => {
      if (started.has(request.name)) return 'already' as const;
      started.set(request.name, request);
      if (request.machine === BACKUP_MACHINE)
        await makeSafetySet(request.name, state, set, { quiet, memory, clock });
      return 'started' as const;
    },
    describe: async (arn: string): Promise<ExecutionState | undefined> => {
      const name = arn.split(':').at(-1) ?? '';
      if (!started.has(name)) return undefined;
      const { safety } = state;
      const status = safety === 'running' ? 'running' : safety === 'aborted' ? 'aborted' : 'succeeded';
      const none = { output: undefined, error: undefined, cause: undefined };
      return { status, startedAt: clock.now(), stoppedAt: clock.now(), ...none };
    },
  });
  const locks = openLocks(ledger, clock);
  const pauses = openPauses(ledger, clock);
  const outbox = openOutbox(ledger, kill.guard(notifier), clock);
  const jobs = kill.guard<KubernetesJobs>({
    ...cluster,
    createJob: async (manifest) => {
      const made = await cluster.createJob(manifest);
      const at = state.failing.findIndex((step) => made.job.name.includes(`-toolbox-${step}-`));
      if (!made.isNew || at < 0) return made;
      state.failing.splice(at, 1);
      const conditions = [
        { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: '', at: START },
      ];
      cluster.putJob({ ...made.job, conditions });
      return made;
    },
  });
  const guarded = kill.guard(scaling);
  const texts = new Map<string, string>();
  const reader = {
    readSecret: async (_namespace: string, name: string) => secrets.get(name),
  };
  const writing = kill.guard({
    writeSecret: async ({ name, type, data }: WantedSecret) => {
      const plain = Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64')]);
      secrets.set(name, { name, type, data: Object.fromEntries(plain) });
      return 'replaced' as const;
    },
    removeSecret: async ({ name }: Pick<WantedSecret, 'namespace' | 'name'>) =>
      secrets.delete(name) ? ('removed' as const) : ('gone' as const),
  });
  const copied: string[] = [];
  const copier = kill.guard({
    listFolders: async () => [`uploads.${Math.floor(clock.now().getTime() / 1_000)}/`, 'uploads.1600000000/'],
    listPage: async ({ prefix }: { readonly prefix: string }) => ({
      objects: ['a', 'b'].map((key) => ({ key: `${prefix}${key}`, size: 1 })),
      isLast: true,
    }),
    copy: async (
      from: { readonly bucket: string; readonly versionId?: string },
      { bucket, key }: { readonly bucket: string; readonly key: string },
    ) => {
      if (from.versionId !== undefined) store.copy(from.bucket, key, from.versionId, bucket);
      copied.push(`${bucket}/${key}`);
    },
  });
  const databases = createFakeDatabases(() => clock.now());
  const databaseRestore = createFakeDatabaseRestore(() => clock.now());
  const store = createFakeObjectVersions(() => clock.now());
  const guardedRestore = kill.guard(databaseRestore);
  const guardedVersions = kill.guard(store.versions);
  const releases: (of: { readonly cluster: string }) => HelmReleases = () => ({
    readRelease: async (namespace) =>
      buildRelease(namespace === 'gitlab' ? '' : state.scratchValues, { namespace }),
  });
  const deps = {
    ledger,
    sets,
    locks,
    pauses,
    outbox,
    clock,
    configuration: SITE_CONFIGURATION,
    executions,
    machine: BACKUP_MACHINE,
    releases,
    names: { resolve: async (host: string) => ADDRESSES[host] ?? [] },
    secrets: () => reader,
    writing: () => writing,
    vault: () => vault,
    jobs: () => jobs,
    scaling: () => guarded,
    copier: () => copier,
    archives: kill.guard(archives.finder),
    databaseRestore: () => guardedRestore,
    versions: () => guardedVersions,
    texts: kill.guard({
      write: async (key: string, text: string) => void texts.set(key, text),
      read: async (key: string) => texts.get(key),
    }),
    outside: {
      signIn: async () => state.signIn,
      clone: async () => state.clone,
      privateClone: async () => state.clone,
      runners: async () => ({ state: 'listed' as const, runners: [], isAll: true }),
      readSecret: async () => 'token',
    },
    sources: () => ({
      pauses,
      jobs,
      scaling: guarded,
      simulation: createFakeRoleSimulation(),
      buckets: { readEncryption: async () => ({ algorithm: 'AES256' as const }) },
      native: {
        databases,
        databaseRestore: guardedRestore,
        buckets: { readVersions: async () => ({ versioning: 'enabled' as const }) },
        versions: guardedVersions,
        keys: { list: async () => ({ keys: [...store.manifests], more: false }) },
        key: async () => ({ usable: true, reason: '' }),
      },
    }),
  };
  return {
    clock,
    kill,
    memory,
    cluster,
    scaling,
    secrets,
    notifier,
    texts,
    archives,
    copied,
    databases,
    databaseRestore,
    store,
    started,
    state,
    set,
    deps,
  };
};
export type RestoreSite = Awaited<ReturnType<typeof createRestoreSite>>;

export const nameOfSafety = (run: string, attempt = 1): string => nameSafetyBackup({ id: run }, { attempt });

/** Names of Jobs that were made to change something: not that of the look before a plan. */
export const listChangingJobs = ({ cluster }: Pick<RestoreSite, 'cluster'>): string[] =>
  cluster.made.map(({ metadata }) => metadata.name).filter((name) => !name.includes('-extensions-'));
