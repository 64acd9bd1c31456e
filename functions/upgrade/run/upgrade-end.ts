import { type Ledger, updateRecord } from '../../clients/ledger.ts';
import { type Locks, openLocks } from '../../clients/locks.ts';
import { type MaintenanceBook, openMaintenance } from '../../clients/maintenance.ts';
import type { Outbox } from '../../clients/outbox.ts';
import type { Execution } from '../../records/execution.ts';
import {
  clusterLock,
  type GateOutcome,
  type RunOutcome,
  type UpgradePlan,
  type UpgradeRun,
  upgradePlanKey,
  upgradePlanKind,
  upgradeRunKey,
  upgradeRunKind,
} from '../../records/upgrade/plan.ts';
import { describeCause } from '../../rules/error-cause.ts';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import { composeEndNotice } from '../telling/upgrade-notice.ts';
import { wireTelling } from '../telling/wiring.ts';

/** The collaborators that ending an upgrade needs. */
export interface UpgradeEndDeps {
  readonly ledger: Ledger;
  readonly locks: Pick<Locks, 'release'>;
  readonly maintenance: Pick<MaintenanceBook, 'end'>;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
}

/** Which execution of `upgrade` ended, how, and why. */
export interface UpgradeEnding {
  readonly execution: Execution;
  readonly outcome: RunOutcome;
  readonly reasons: readonly string[];
  readonly gates?: readonly GateOutcome[];
}

/**
 * Ends an upgrade, well or badly: writes the end down, frees the cluster, takes its mark of maintenance away, and
 * tells the end once. Everything here may run twice, and the first end stays. The cluster is freed before it is told,
 * so that a topic that refuses us holds nothing. Nothing is started.
 *
 * @returns the end that counts; undefined when the execution never made a plan, so there is nothing to end.
 */
export const endUpgrade = async (
  ending: UpgradeEnding,
  deps: UpgradeEndDeps,
): Promise<UpgradeRun | undefined> => {
  const { execution } = ending;
  const plan = (await deps.ledger.read(upgradePlanKind, upgradePlanKey(execution.name)))?.value;
  if (!plan || plan.request.dryRun) return undefined;
  const now = deps.clock.now();
  const run = await updateRecord(
    deps.ledger,
    upgradeRunKind,
    upgradeRunKey(plan.cluster, execution.name),
    (current: UpgradeRun | undefined) => closeRun(current ?? emptyRun(plan, now), ending, now),
    deps.clock,
  );
  await deps.locks.release(clusterLock(plan.cluster), execution.arn);
  await deps.maintenance.end(plan.cluster, execution.arn);
  if (run?.outcome !== undefined) await deps.outbox.tell(composeEndNotice(run, run.outcome, now));
  return run;
};

/** One that ended before it held the cluster: refused at a gate, or not approved. */
const emptyRun = (plan: UpgradePlan, now: Date): UpgradeRun => ({
  version: 1,
  cluster: plan.cluster,
  plan,
  execution: plan.execution,
  startedBy: plan.request.by,
  gates: [],
  steps: [],
  startedAt: now.toISOString(),
  reasons: [],
  overrides: plan.request.overrides,
});

/** Ends of an execution that found its run ended, and did nothing. */
const EMPTY_ENDS: ReadonlySet<RunOutcome> = new Set<RunOutcome>(['abandoned', 'refused']);

/**
 * The first end stays. Only where the very last step died, so that the run counts as abandoned, does a redrive of that
 * step bring the real end. Redriven at any other step an execution finds its run ended and changes nothing: to go on
 * is a new start.
 */
const closeRun = (
  run: UpgradeRun,
  { outcome, reasons, gates }: UpgradeEnding,
  now: Date,
): UpgradeRun | undefined => {
  const isEnded = run.endedAt !== undefined && (run.outcome !== 'abandoned' || EMPTY_ENDS.has(outcome));
  if (isEnded) return undefined;
  return {
    ...run,
    ...(gates && run.gates.length === 0 ? { gates: [...gates] } : {}),
    endedAt: now.toISOString(),
    outcome,
    reasons: reasons.map(describeCause),
  };
};

/** Wires what ending an upgrade needs, from the environment that its callers share. */
export const wireUpgradeEnd = (env: {
  readonly LEDGER_BUCKET: string;
  readonly TOPIC_ARN: string;
}): UpgradeEndDeps => {
  const { ledger, outbox } = wireTelling(env);
  return {
    ledger,
    outbox,
    locks: openLocks(ledger, systemClock),
    maintenance: openMaintenance(ledger, systemClock),
    clock: systemClock,
  };
};
