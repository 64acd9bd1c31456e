import type * as z from 'zod';
import type { EksReader } from '../clients/eks/eks-reader.ts';
import { openEksReader } from '../clients/eks/open-eks-reader.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { type Locks, openLocks } from '../clients/locks.ts';
import { type MaintenanceBook, openMaintenance } from '../clients/maintenance.ts';
import type { Outbox } from '../clients/outbox.ts';
import { openPauses } from '../clients/pauses.ts';
import { approvalKind } from '../records/approval.ts';
import {
  approvalKey,
  clusterLock,
  type GateOutcome,
  type UpgradePlan,
  type UpgradeRun,
  upgradeRunKey,
  upgradeRunKind,
} from '../records/upgrade/plan.ts';
import { systemClock } from '../runtime/clock.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './begin-upgrade.contract.ts';
import type { ClusterSubject } from './cluster-subjects.ts';
import { failGate, passGate } from './gates/gate.ts';
import { boundGates } from './gates/gate-bounds.ts';
import { type GateSources, readGateFacts } from './gates/gate-facts.ts';
import { judgeGates, reasonsOf } from './gates/judge-gates.ts';
import { findFirstMove } from './plan/due-move.ts';
import { openChangeOffers } from './run/change-offer.ts';
import { MAINTENANCE_MINUTES, maintenanceWhy } from './run/maintenance-mark.ts';
import type { OfferChange } from './run/next-offer.ts';
import { readPlan, readRun, subjectOf } from './run/plan-record.ts';
import { findHealthBefore } from './run/unfinished-run.ts';
import { composeHandOverNotice } from './telling/upgrade-notice.ts';
import { wireTelling } from './telling/wiring.ts';
import { readSubjects } from './wiring.ts';

interface Deps extends Omit<GateSources, 'eks' | 'ledger'> {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly maintenance: MaintenanceBook;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly eks: (region: string) => EksReader;
  readonly subjects: readonly ClusterSubject[];
  /** Offers the change of version to the owner of the definition. */
  readonly offerChange: OfferChange;
}

/**
 * Takes the cluster: looks at every gate again, since an approval may take a day, locks the cluster, writes the run
 * down and marks the cluster as under maintenance. A cluster of somebody else is handed over instead of changed.
 *
 * @throws RefusedError `execution.ended` for the late Lambda of an execution whose end was told.
 */
export const run = async (
  { execution }: z.output<typeof contract.Input>,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<z.input<typeof contract.Output>> => {
  const plan = await readPlan(deps.ledger, execution);
  const subject = subjectOf(deps.subjects, plan);
  const { settings, region } = subject;
  const facts = await readGateFacts(plan, subject, { ...deps, eks: deps.eks(region) }, signal);
  const gates = boundGates([...judgeGates(facts), await judgeApprovalGate(plan, deps.ledger)]);
  const shut = reasonsOf(gates);
  if (shut.length > 0) return { outcome: 'refused', gates, reasons: shut };
  const taken = await deps.locks.acquire(clusterLock(plan.cluster), execution.arn);
  if (!taken.ok) {
    const reason = `another execution took this cluster in the meantime: ${taken.lock.owner}`;
    return { outcome: 'refused', gates, reasons: [reason] };
  }
  await openRun(plan, gates, taken.lock.token, deps);
  await deps.maintenance.hold(plan.cluster, {
    owner: execution.arn,
    why: maintenanceWhy(plan),
    minutes: MAINTENANCE_MINUTES,
  });
  await refuseEnded(plan, deps);
  if (plan.owner === 'external') {
    const move = findFirstMove(plan);
    const offer = move && (await deps.offerChange(plan, move, settings.gitlab, signal));
    const now = deps.clock.now();
    await deps.outbox.tell(composeHandOverNotice(plan, { hours: settings.handOverHours, now, offer }));
  }
  return { outcome: 'begun', gates, reasons: [] };
};

/**
 * Asked after lock and mark were taken: whoever ends a run writes that first, and takes both away then, so that either
 * this finds the end or the end finds them.
 */
const refuseEnded = async (plan: UpgradePlan, { ledger, locks, maintenance }: Deps): Promise<void> => {
  const run = await readRun(ledger, plan);
  if (run?.endedAt === undefined) return;
  await locks.release(clusterLock(plan.cluster), plan.execution.arn);
  await maintenance.end(plan.cluster, plan.execution.arn);
  throw new RefusedError('execution.ended', `${plan.execution.name} has ended already; nothing was changed.`);
};

const judgeApprovalGate = async (plan: UpgradePlan, ledger: Pick<Ledger, 'read'>): Promise<GateOutcome> => {
  if (plan.owner === 'external') {
    return passGate(
      'approval',
      'the owner of the definition approves by making the change; Drydock makes none',
    );
  }
  const approval = (await ledger.read(approvalKind, approvalKey(plan.execution.name)))?.value;
  return approval?.plan === plan.id
    ? passGate('approval', `${approval.by} approved it at ${approval.at}`)
    : failGate('approval', 'nobody has approved this plan');
};

/** Written once; of a repeat the first one stays, with what it has come to. */
const openRun = async (
  plan: UpgradePlan,
  gates: GateOutcome[],
  fence: number,
  { ledger, clock }: Deps,
): Promise<void> => {
  const approval = (await ledger.read(approvalKind, approvalKey(plan.execution.name)))?.value;
  const before = await findHealthBefore(plan, ledger, clock.now());
  const run: UpgradeRun = {
    version: 1,
    cluster: plan.cluster,
    plan,
    execution: plan.execution,
    startedBy: plan.request.by,
    ...(approval && { approvedBy: approval.by }),
    fence,
    gates,
    ...(before && { before }),
    steps: [],
    startedAt: clock.now().toISOString(),
    reasons: [],
    overrides: plan.request.overrides,
  };
  const key = upgradeRunKey(plan.cluster, plan.execution.name);
  // A try that died held the lock under an earlier token when somebody had it in between.
  const renew = (current: UpgradeRun | undefined): UpgradeRun | undefined => {
    if (!current) return run;
    const isSettled = current.fence === fence || current.endedAt !== undefined;
    return isSettled ? undefined : { ...current, fence };
  };
  await updateRecord(ledger, upgradeRunKind, key, renew, clock);
};

export const handler = makeLambda({
  contract,
  deps: (env) => {
    const { ledger, outbox } = wireTelling(env);
    return {
      ledger,
      outbox,
      locks: openLocks(ledger, systemClock),
      pauses: openPauses(ledger, systemClock),
      maintenance: openMaintenance(ledger, systemClock),
      eks: openEksReader,
      clock: systemClock,
      subjects: readSubjects(),
      offerChange: openChangeOffers(),
    };
  },
  run,
});
