import type { Ledger } from '../../clients/ledger.ts';
import {
  type Health,
  type RunOutcome,
  type UpgradePlan,
  type UpgradeRun,
  upgradeRunKind,
  upgradeRunPrefix,
} from '../../records/upgrade/plan.ts';

/** Days after which a new run compares with its own beginning: the cluster has become what it is. */
const MEMORY_DAYS = 7;

/** Ends behind which the same way is gone on. */
const UNFINISHED: ReadonlySet<RunOutcome | undefined> = new Set([
  'stopped',
  'abandoned',
  'handed-over',
  undefined,
] as const);

/**
 * The health that a run is to be compared with when it goes on where another one ended: that of before the first, or
 * else what the first one broke would count as how it always was. Undefined when it begins anew, or when somebody
 * overrides `health` by name.
 */
export const findHealthBefore = async (
  plan: Pick<UpgradePlan, 'cluster' | 'direction' | 'execution' | 'request'>,
  ledger: Pick<Ledger, 'read' | 'list'>,
  now: Date,
): Promise<Health | undefined> => {
  if (plan.request.overrides.some(({ finding }) => finding === 'health')) return undefined;
  const runs: UpgradeRun[] = [];
  for await (const key of ledger.list(upgradeRunPrefix(plan.cluster))) {
    const run = (await ledger.read(upgradeRunKind, key))?.value;
    // One that never held the cluster changed nothing there.
    if (run?.fence !== undefined && run.execution.name !== plan.execution.name) runs.push(run);
  }
  const last = runs.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0];
  if (!last || last.plan.direction !== plan.direction || !UNFINISHED.has(last.outcome)) return undefined;
  const days = (now.getTime() - Date.parse(last.startedAt)) / 86_400_000;
  return days <= MEMORY_DAYS ? last.before : undefined;
};
