import type { EksReader, InsightsRefresh, UpdateSubject } from '../../clients/eks/eks-reader.ts';
import type { AddonFact, NodeGroupFact, UpdateFact } from '../../records/upgrade/aws-facts.ts';
import type { PlanStep, StepState, UpgradePlan, UpgradeRun } from '../../records/upgrade/plan.ts';
import type { Observed } from '../plan/step-progress.ts';

type Reader = Pick<
  EksReader,
  'readCluster' | 'listAddons' | 'listNodeGroups' | 'listUpdates' | 'readInsightsRefresh' | 'listInsights'
>;

/** The first step that is not done, as far as the run remembers. */
export const nextStepOf = ({ plan, steps }: Pick<UpgradeRun, 'plan' | 'steps'>): PlanStep | undefined =>
  plan.steps.find(
    ({ id }) =>
      !steps.some((state) => state.id === id && (state.state === 'done' || state.state === 'skipped')),
  );

/**
 * Looks at everything at EKS that the next step depends on, and at whatever else is at work there.
 *
 * @throws what the reader throws.
 */
export const observeEks = async (
  eks: Reader,
  run: Pick<UpgradeRun, 'plan' | 'steps'>,
  signal: AbortSignal,
): Promise<Observed> => {
  const { cluster: name } = run.plan;
  const next = nextStepOf(run);
  const [cluster, addons, nodeGroups] = await Promise.all([
    eks.readCluster(name, signal),
    eks.listAddons(name, [], signal),
    eks.listNodeGroups(name, signal),
  ]);
  const touched = run.plan.steps.filter(({ id }) =>
    run.steps.some((state) => state.id === id && state.state === 'running'),
  );
  const updates = await readUpdates(
    eks,
    name,
    { addons, nodeGroups, touched: next ? [...touched, next] : touched },
    signal,
  );
  const asked =
    next?.kind === 'refresh-insights'
      ? run.steps.find(({ id, state }) => id === next.id && state === 'running')
      : undefined;
  const refresh = asked && judgeAge(await eks.readInsightsRefresh(name, signal), asked);
  return {
    cluster,
    addons,
    nodeGroups,
    updates,
    ...(refresh ? { refresh } : {}),
    ...(refresh === 'completed' ? { insights: await eks.listInsights(name, signal) } : {}),
  };
};

/** How far the clocks of EKS and of ours may be apart. */
const CLOCK_SKEW_MS = 120_000;

/** EKS keeps one refresh and answers a new wish with one that is under way already, so its age is looked at. */
const judgeAge = (
  { status, startedAt }: InsightsRefresh,
  { startedAt: askedAt }: Pick<StepState, 'startedAt'>,
): NonNullable<Observed['refresh']> => {
  if (status !== 'completed' || !startedAt || askedAt === undefined) return status;
  return startedAt.getTime() < Date.parse(askedAt) - CLOCK_SKEW_MS ? 'outdated' : status;
};

/**
 * Updates of the cluster, of every add-on and node group at work, and of what steps are about: EKS lists them by what
 * they are about, and one call for everything there is not.
 */
export const readUpdates = async (
  eks: Pick<EksReader, 'listUpdates'>,
  cluster: string,
  about: {
    readonly addons: readonly Pick<AddonFact, 'name' | 'status'>[];
    readonly nodeGroups: readonly Pick<NodeGroupFact, 'name' | 'status'>[];
    readonly touched?: UpgradePlan['steps'];
  },
  signal: AbortSignal,
): Promise<UpdateFact[]> => {
  const touched = about.touched ?? [];
  const addons = about.addons.filter(
    ({ name, status }) =>
      status === 'UPDATING' || touched.some((step) => step.kind === 'addon' && step.addon === name),
  );
  const groups = about.nodeGroups.filter(
    ({ name, status }) =>
      status === 'UPDATING' || touched.some((step) => step.kind === 'node-group' && step.nodeGroup === name),
  );
  const subjects: (UpdateSubject | undefined)[] = [
    undefined,
    ...addons.map(({ name }) => ({ addon: name })),
    ...groups.map(({ name }) => ({ nodeGroup: name })),
  ];
  const lists = await Promise.all(subjects.map((subject) => eks.listUpdates(cluster, subject, signal)));
  return lists.flat();
};
