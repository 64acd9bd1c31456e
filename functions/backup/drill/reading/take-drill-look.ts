import type { Ledger } from '../../../clients/ledger.ts';
import type { DrillRun, DrillStep } from '../../../records/backup/drill.ts';
import {
  type DrillInspection,
  drillInspectionKey,
  drillInspectionKind,
} from '../../../records/backup/drill-inspection.ts';
import type { DrillSettings } from '../../../records/configuration/backup-drill.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import { nameCronJob } from '../../job/backup-job.ts';
import type { Known } from '../../preflight/facts.ts';
import { known, learnSurely, unknown } from '../../preflight/learn.ts';
import { readGitLabVersion } from '../../run/gitlab-version.ts';
import type { SetStore } from '../../sets/set-store.ts';
import { composeNetwork, listAllowed } from '../drill-network.ts';
import type { DrillRestore } from '../drill-restore.ts';
import type { DrillTurn } from '../drill-turn.ts';
import { isFresh } from '../look-name.ts';
import { makeNetworkPolicies } from '../network-policies.ts';
import { lookAgain, lookApart } from '../turns/apart-turn.ts';
import { checkTurn } from '../turns/check-turn.ts';
import { emptyTurn } from '../turns/empty-turn.ts';
import { giveBackTurn } from '../turns/give-back-turn.ts';
import { closeNetwork, removeMade } from '../turns/network-turns.ts';
import { probeClosed, probeOpen } from '../turns/probe-turn.ts';
import { restoreTurn } from '../turns/restore-turn.ts';
import { putToSleep, wakeWorkloads } from '../turns/workload-turns.ts';
import { findSidekiqLabels } from '../workload-kinds.ts';
import type { DrillClients } from './fenced-clients.ts';
import type { RestoreSources } from './restore-look.ts';

/** The turn of the step at which a drill stands. */

export interface TurnSources extends DrillClients, RestoreSources {
  readonly jobs: DrillClients['jobs'];
  readonly executions: DrillClients['executions'];
  readonly ledger: Pick<Ledger, 'read'>;
  readonly sets: Pick<SetStore, 'read'>;
  /** Asked for by the rehearsal alone: what is left is destroyed whatever drydock.yaml says by now. */
  readonly settings: () => DrillSettings;
}

interface TurnTask {
  readonly run: DrillRun;
  readonly restore: DrillRestore;
  readonly now: Date;
  readonly signal: AbortSignal;
}

const INSPECT: DrillTurn = { verdict: { state: 'inspect', message: 'waits for a look at the releases' } };

type Turn = (task: TurnTask, sources: TurnSources) => Promise<DrillTurn>;

/**
 * Looks at a step: what was seen, and what would be done. Nothing is changed by it.
 *
 * @throws what the clients throw; RefusedError where something may not be read.
 */
export const takeDrillLook = (step: DrillStep, task: TurnTask, sources: TurnSources): Promise<DrillTurn> =>
  TURNS[step](task, sources);

/** The policies that close the place; needs to know what the place is. */
export const wantPolicies = (run: DrillRun, settings: DrillSettings) =>
  makeNetworkPolicies(run.id, run.target.namespace, listAllowed(run.place?.servers ?? [], settings));

const TURNS: Readonly<Record<DrillStep, Turn>> = {
  'look-apart': async (task, sources) => {
    const inspection = await readFresh(task, sources);
    return inspection ? judgeApart(inspection, task, sources) : INSPECT;
  },
  'probe-open': async (task, sources) => {
    const wishes = await composeProbe(task, sources);
    return probeOpen(task.run, wishes, sources.jobs, task.now, task.signal);
  },
  'close-network': ({ run, now, signal }, { policies, settings }) =>
    closeNetwork(run, wantPolicies(run, settings()), policies, now, signal),
  'probe-closed': async (task, sources) => {
    const wishes = await composeProbe(task, sources);
    return probeClosed(task.run, wishes, sources.jobs, task.now, task.signal);
  },
  wake: ({ run, now, signal }, { scaling }) => wakeWorkloads(run, 'restore', scaling, now, signal),
  restore: async ({ run, restore }, sources) => restoreTurn(run, restore, sources),
  check: ({ run, now, signal }, sources) => checkTurn(run, sources, now, signal),
  'look-again': async (task, sources) => {
    const inspection = await readFresh(task, sources);
    return inspection ? lookAgain(task.run, inspection) : INSPECT;
  },
  empty: ({ run, now, signal }, sources) => emptyTurn(run, sources, now, signal),
  sleep: ({ run, now, signal }, { scaling }) => putToSleep(run, scaling, now, signal),
  'give-back': ({ run, restore }, sources) => giveBackTurn(run, restore, sources),
  remove: ({ run, now, signal }, sources) => removeMade(run, sources, now, signal),
};

const readInspection = async (
  { environment, id }: DrillRun,
  { ledger }: TurnSources,
): Promise<DrillInspection | undefined> =>
  (await ledger.read(drillInspectionKind, drillInspectionKey({ environment, id })))?.value;

const readFresh = async (
  { run, now }: TurnTask,
  sources: TurnSources,
): Promise<DrillInspection | undefined> => {
  const inspection = await readInspection(run, sources);
  return isFresh(inspection, run, now) ? inspection : undefined;
};

const judgeApart = async (
  inspection: DrillInspection,
  { run, signal }: TurnTask,
  sources: TurnSources,
): Promise<DrillTurn> => {
  const { jobs, scaling, policies, sets, settings } = sources;
  const { namespace, release, region } = run.target;
  const [version, workloads, autoscalers, standing, set] = await Promise.all([
    learnSurely(() => jobs.readCronJob({ namespace, name: nameCronJob(release) }, signal), signal),
    learnSurely(() => scaling.listWorkloads(namespace, signal), signal),
    learnSurely(() => scaling.listAutoscalers(namespace, signal), signal),
    policies.list(namespace, signal),
    sets.read(run.set),
  ]);
  if (!set) throw new RefusedError('drill.no-set', `There is no set ${run.set.id} any more.`);
  const { place, used } = inspection;
  return lookApart(run, {
    inspection,
    version: version.known ? nameVersion(version.value) : version,
    setVersion: set.gitlabVersion,
    workloads,
    autoscalers,
    policies: standing,
    network: place.known ? composeNetwork(place.value.servers, used, region, settings()) : undefined,
  });
};

/** By the image that would restore: values may say another version than what was deployed. */
const nameVersion = (cronJob: Parameters<typeof readGitLabVersion>[0] | undefined): Known<string> => {
  if (!cronJob) return unknown('there is no CronJob of the toolbox');
  const named = readGitLabVersion(cronJob);
  return named.ok ? known(named.version) : unknown(named.reason);
};

const composeProbe = async ({ run, signal }: TurnTask, sources: TurnSources) => {
  const { namespace, release, region } = run.target;
  const inspection = await readInspection(run, sources);
  const labels = findSidekiqLabels(await sources.scaling.listWorkloads(namespace, signal), release);
  if (!run.place || !inspection || !labels) {
    const what = labels
      ? 'Nobody wrote down what the place is.'
      : `There is no Sidekiq of ${release} any more.`;
    throw new RefusedError('drill.no-probe', what);
  }
  const settings = sources.settings();
  const { outside, controls } = composeNetwork(run.place.servers, inspection.used, region, settings);
  return { outside, controls, labels, wayOut: settings.wayOut };
};
