import { isOfDrill } from '../../functions/backup/drill/drill-label.ts';
import { EMPTY_CONTAINER } from '../../functions/backup/drill/empty-job.ts';
import { EMPTY_MARK } from '../../functions/backup/drill/empty-script.ts';
import { REACH_CONTAINER } from '../../functions/backup/drill/reach-job.ts';
import { REACH_MARK } from '../../functions/backup/drill/reach-script.ts';
import { SIGN_IN_CONTAINER } from '../../functions/backup/drill/sign-in-job.ts';
import { SIGN_IN_MARK } from '../../functions/backup/drill/sign-in-script.ts';
import type { KubernetesJobs } from '../../functions/clients/kubernetes-jobs.ts';
import { readLogLines } from '../../functions/clients/log-lines.ts';
import type { JobManifest } from '../../functions/records/kubernetes-job.ts';
import { buildWorkload } from '../backup/restore/restore-builders.ts';
import { chartCronJobBody } from './chart-cron-job.ts';
import { createFakeKubernetesJobs } from './fake-kubernetes-jobs.ts';
import { createFakeKubernetesScaling } from './fake-kubernetes-scaling.ts';
import { createFakeNetworkPolicies } from './fake-network-policies.ts';

/** The scratch place of a drill in memory: its network, what runs there, and whether data lies in it. */

export const PLACE = 'gitlab-scratch';
export const WEB = 'gitlab-webservice-default';
export const GITALY = 'gitlab-gitaly';
export const SIDEKIQ = 'gitlab-sidekiq-all';
const ALLOWED = /scratch-db|scratch-cache|^s3\./;

export interface PlaceState {
  /** Of the backup, in database, storages and buckets. */
  hasData: boolean;
  /** Nobody carries network policies out. */
  isLeaky: boolean;
  signIn: number;
  /** Tries of the emptying that fail from here on. */
  failingEmpties: number;
  /** What a promise of drills was broken by, in words. */
  readonly broken: string[];
}

export const createDrillPlace = (now: () => Date) => {
  const cluster = createFakeKubernetesJobs(now);
  cluster.putCronJob(PLACE, chartCronJobBody());
  const scaling = createFakeKubernetesScaling();
  for (const [name, app] of [
    [WEB, 'webservice'],
    [GITALY, 'gitaly'],
    [SIDEKIQ, 'sidekiq'],
    ['gitlab-toolbox', 'toolbox'],
  ] as const) {
    scaling.putWorkload(buildWorkload(name, { app, namespace: PLACE, replicas: 0 }));
  }
  const policies = createFakeNetworkPolicies();
  const state: PlaceState = { hasData: false, isLeaky: false, signIn: 200, failingEmpties: 0, broken: [] };
  const logs = new Map<string, string[]>();

  const replicasOf = async (name: string): Promise<number> =>
    (await scaling.listWorkloads(PLACE)).find((one) => one.name === name)?.replicas ?? 0;
  /** Do policies of any drill deny all? */
  const isClosed = async (): Promise<boolean> =>
    !state.isLeaky &&
    (await policies.list(PLACE)).some(({ name, spec }) => name.includes('-deny-') && !spec.egress);

  const play = async ({ spec }: JobManifest): Promise<string[]> => {
    const worker = spec.template.spec.containers.find(({ name }) => name in PROGRAMS);
    const program = worker && PROGRAMS[worker.name];
    return program ? program(worker.args ?? []) : [];
  };

  const PROGRAMS: Readonly<Record<string, (args: readonly string[]) => Promise<string[]>>> = {
    [REACH_CONTAINER]: async (args) => {
      const pairs = args.slice(6);
      const closed = await isClosed();
      return [1, 2].flatMap((round) =>
        pairs.flatMap((host, index) => {
          if (index % 2 === 1) return [];
          const seen = closed && !ALLOWED.test(host) ? 'timeout' : 'reached';
          return [
            `${REACH_MARK}"round":${round},"host":"${host}","port":${pairs[index + 1]},"seen":"${seen}"}`,
          ];
        }),
      );
    },
    [SIGN_IN_CONTAINER]: async (args) => {
      const answers = state.hasData && (await replicasOf(WEB)) > 0;
      return args
        .slice(7)
        .map((host) => `${SIGN_IN_MARK}"host":"${host}","status":${answers ? state.signIn : 0}}`);
    },
    [EMPTY_CONTAINER]: async (args) => {
      const buckets = args.slice(4).filter((_, index) => index % 2 === 1);
      const isWell = state.failingEmpties === 0 && (await replicasOf(GITALY)) > 0;
      if (isWell) state.hasData = false;
      else state.failingEmpties = Math.max(0, state.failingEmpties - 1);
      const say = (what: string, name: string): string =>
        `${EMPTY_MARK}"what":"${what}","name":"${name}","state":"${isWell ? 'empty' : 'left'}"}`;
      return [
        say('repositories', 'all'),
        say('database', 'all'),
        'dropped 900 tables',
        ...buckets.map((bucket) => say('bucket', bucket)),
      ];
    },
  };

  const jobs: KubernetesJobs = {
    ...cluster,
    createJob: async (manifest) => {
      const made = await cluster.createJob(manifest);
      if (made.isNew) logs.set(`${made.job.name}-x7k2p`, await play(manifest));
      return made;
    },
    streamLog: ({ pod }, { from, chunkCharacters = 1_000 }) => {
      const lines = (logs.get(pod) ?? []).map((line) => `2026-11-22T10:00:00.000000000Z ${line}\n`);
      const bytes = async function* () {
        yield Buffer.from(lines.join(''));
      };
      return readLogLines(bytes(), from, chunkCharacters);
    },
  };

  /** What stands there of a drill. */
  const listStanding = async (drill: string): Promise<string[]> => [
    ...(await cluster.listJobs(PLACE, ''))
      .filter((job) => isOfDrill(job, drill))
      .map(({ name }) => `Job ${name}`),
    ...(await policies.list(PLACE))
      .filter((one) => isOfDrill(one, drill))
      .map(({ name }) => `NetworkPolicy ${name}`),
    ...(await scaling.listWorkloads(PLACE))
      .filter(({ replicas }) => replicas > 0)
      .map(({ name }) => `awake ${name}`),
    ...(state.hasData ? ['data'] : []),
  ];

  return { cluster, jobs, scaling, policies, state, isClosed, listStanding };
};
