import type { EksReader } from '../../clients/eks/eks-reader.ts';
import type { Pauses } from '../../clients/pauses.ts';
import type { Health, UpgradeRun } from '../../records/upgrade/plan.ts';
import { judgeWindow } from '../../rules/maintenance-window.ts';
import type { Clock } from '../../runtime/clock.ts';
import { judgeClusterPause } from '../cluster-pause.ts';
import type { ClusterSubject } from '../cluster-subjects.ts';
import type { Look } from '../plan/decision.ts';
import { compareHealth, type HealthVerdict } from '../plan/health.ts';
import type { Observed } from '../plan/step-progress.ts';
import type { CollectionTask, FactSources } from '../reading/collection.ts';
import { readHeldPods } from '../reading/eviction-reading.ts';
import { readHealth } from '../reading/health-reading.ts';
import type { HeldPod } from '../updates/update-error.ts';
import { isRunning } from '../updates/update-status.ts';
import { observeEks } from './observation.ts';

/** Where a look at a run reads. */
export interface LookSources {
  readonly sources: FactSources & { readonly eks: EksReader };
  readonly pauses: Pauses;
  readonly clock: Clock;
  readonly gitlabOf: (environment: string) => string | undefined;
  readonly probeGitLab: (url: string, signal: AbortSignal) => Promise<boolean>;
}

export type Looked =
  | {
      readonly ok: true /** With the health of before. */;
      readonly run: UpgradeRun;
      readonly observed: Observed;
      readonly look: Look;
    }
  | { readonly ok: false; readonly reasons: string[] };

/**
 * Reads all that the next action depends on. Health is read before anything was changed, to compare with; while an
 * update runs it is not, since nodes and pods then come and go.
 */
export const lookAtRun = async (
  run: UpgradeRun,
  { cluster, environments, settings }: ClusterSubject,
  from: LookSources,
  signal: AbortSignal,
): Promise<Looked> => {
  const { sources, clock } = from;
  const { plan } = run;
  const task: CollectionTask = { cluster, current: plan.from, target: plan.to, settings };
  const observed = await observeEks(sources.eks, run, signal);
  const isAtWork = observed.updates.some(isRunning);
  const reading =
    isAtWork && run.before ? undefined : await readHealthOf(run, environments, task, from, signal);
  const before = run.before ?? reading?.health;
  if (!run.before && reading) {
    const problem = findBlind(run, reading.health);
    if (problem !== undefined) return { ok: false, reasons: [problem] };
  }
  const health: HealthVerdict = before && reading ? compareHealth(before, reading.health) : { state: 'ok' };
  const isWatching = plan.steps.some(
    (step) => step.kind === 'watch-nodes' || (step.kind === 'node-group' && step.launchTemplate),
  );
  return {
    ok: true,
    run: { ...run, ...(before && { before }) },
    observed: { ...observed, ...(isWatching && reading?.nodes ? { nodes: reading.nodes } : {}) },
    look: {
      now: clock.now(),
      health,
      handOverHours: settings.handOverHours,
      mayWrite: await judgeWrite(run, { environments, window: settings.window }, from),
      held: await findHeld(run, observed, task, sources, signal),
    },
  };
};

/** The GitLab of every environment on the cluster is looked at: all of them are moved. */
const readHealthOf = (
  { plan }: UpgradeRun,
  environments: readonly string[],
  task: CollectionTask,
  { sources, gitlabOf, probeGitLab }: LookSources,
  signal: AbortSignal,
) => {
  const probeOf = (environment: string) => {
    const url = gitlabOf(environment);
    return url === undefined ? undefined : (cancel: AbortSignal) => probeGitLab(url, cancel);
  };
  const own = probeOf(plan.environment);
  const others = environments.flatMap((name) => {
    const probe = name === plan.environment ? undefined : probeOf(name);
    return probe ? [[name, probe] as const] : [];
  });
  const probes = { ...(own && { probeGitLab: own }), probeOthers: new Map(others) };
  return readHealth({ facts: sources, ...probes }, task, signal);
};

/** What could not be read before can never be compared, so somebody has to want that by name. */
const findBlind = ({ overrides }: UpgradeRun, { unread }: Health): string | undefined =>
  unread.length === 0 || overrides.some(({ finding }) => finding === 'health')
    ? undefined
    : `health before could not be read, so nobody could tell whether it gets worse: ${unread.join('; ')} (override: "health")`;

const judgeWrite = async (
  { plan }: UpgradeRun,
  {
    environments,
    window,
  }: Pick<ClusterSubject, 'environments'> & { readonly window: ClusterSubject['settings']['window'] },
  { pauses, clock }: LookSources,
): Promise<Look['mayWrite']> => {
  const pause = await judgeClusterPause(pauses, plan, environments);
  if (!pause.ok) return { ok: false, reason: pause.reason };
  const open = judgeWindow(window, clock.now());
  if (open.open) return { ok: true };
  return {
    ok: false,
    reason: `waits for the maintenance window, until ${open.opens?.toISOString() ?? 'it opens'}`,
  };
};

/** Which pods made an update of ours fail: looked for only then. */
const findHeld = async (
  { steps }: UpgradeRun,
  { updates }: Observed,
  task: CollectionTask,
  sources: FactSources,
  signal: AbortSignal,
): Promise<HeldPod[]> => {
  const failed = updates.filter(({ id }) => steps.some(({ update }) => update === id));
  const errors = failed
    .flatMap((update) => update.errors)
    .filter(({ code }) => code === 'PodEvictionFailure');
  if (errors.length === 0) return [];
  return readHeldPods(
    sources,
    task,
    errors.flatMap(({ resources }) => resources),
    signal,
  );
};
