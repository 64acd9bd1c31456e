import type * as z from 'zod';
import type { EksUpdater } from '../clients/eks/eks-updater.ts';
import { openEksUpdater } from '../clients/eks/open-eks-updater.ts';
import { probeSignIn } from '../clients/gitlab.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { type Locks, openLocks } from '../clients/locks.ts';
import { type MaintenanceBook, openMaintenance } from '../clients/maintenance.ts';
import { openPauses, type Pauses } from '../clients/pauses.ts';
import { MAX_UPGRADE_POLLS } from '../records/upgrade/limits.ts';
import { clusterLock, type UpgradeRun, upgradeRunKey, upgradeRunKind } from '../records/upgrade/plan.ts';
import { lockSecondsOver } from '../rules/locking.ts';
import { systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { DefectError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './advance-upgrade.contract.ts';
import type { ClusterSubject } from './cluster-subjects.ts';
import type { Action, Decision } from './plan/decision.ts';
import { nextAction } from './plan/next-action.ts';
import { LONGEST_POLL_SECONDS } from './plan/poll-interval.ts';
import { openClusterSources } from './reading/cluster-sources.ts';
import type { FactSources } from './reading/collection.ts';
import { openChangeOffers } from './run/change-offer.ts';
import { lookAtRun } from './run/look.ts';
import { MAINTENANCE_MINUTES, maintenanceWhy } from './run/maintenance-mark.ts';
import { type OfferDeps, offerDueMove } from './run/next-offer.ts';
import { readPlan, readRun, subjectOf } from './run/plan-record.ts';
import { act } from './run/step-start.ts';
import { wireTelling } from './telling/wiring.ts';
import { readSubjects } from './wiring.ts';

interface Deps extends OfferDeps {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly maintenance: MaintenanceBook;
  readonly subjects: readonly ClusterSubject[];
  readonly sources: (subject: ClusterSubject) => FactSources;
  readonly updater: (region: string) => EksUpdater;
  /** Address of the GitLab of an environment. */
  readonly gitlabOf: (environment: string) => string | undefined;
  readonly probeGitLab: (url: string, signal: AbortSignal) => Promise<boolean>;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Takes one look at a run and does at most one thing: starts the next step, waits, or ends. What is done is read from
 * EKS each time, so that a killed Lambda, a repeat and another execution all go on from where the cluster stands.
 *
 * @throws what the clients throw while EKS does not answer; the machine looks again.
 */
export const run = async (
  input: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const { execution } = input;
  const plan = await readPlan(deps.ledger, execution);
  const begun = await readRun(deps.ledger, plan);
  if (begun?.fence === undefined) throw new DefectError('run.missing', `${execution.name} never began.`);
  if (begun.endedAt !== undefined) return ended(input, begun);
  const { ok, lock } = await deps.locks.acquire(clusterLock(plan.cluster), execution.arn);
  if (!ok || lock.token !== begun.fence) {
    return stopped(input, [`another execution has taken over ${plan.cluster}: ${lock.owner}`]);
  }
  if (input.polls >= MAX_UPGRADE_POLLS) {
    return stopped(input, [
      `an execution lasts for ${MAX_UPGRADE_POLLS} looks; start upgrade again, and it goes on from here`,
    ]);
  }
  const subject = subjectOf(deps.subjects, plan);
  const sources = deps.sources(subject);
  const { eks } = sources;
  if (!eks) throw new DefectError('sources.missing', 'An upgrade needs EKS.');
  const looked = await lookAtRun(begun, subject, { ...deps, sources: { ...sources, eks } }, signal);
  if (!looked.ok) return stopped(input, looked.reasons);
  const decision = nextAction(looked.run, looked.observed, looked.look);
  const isIdle = decision.action.kind === 'wait' && decision.action.idle;
  if (!isIdle) {
    const mark = { owner: execution.arn, why: maintenanceWhy(plan), minutes: MAINTENANCE_MINUTES };
    await deps.maintenance.hold(plan.cluster, mark);
    // A person may have stopped the execution while this look was taken; whoever ends a run writes that first.
    const current = await readRun(deps.ledger, plan);
    if (current?.endedAt !== undefined) {
      await deps.maintenance.end(plan.cluster, execution.arn);
      return ended(input, current);
    }
  }
  const { locks, clock } = deps;
  const reach = { locks, clock, eks, updater: deps.updater(subject.region) };
  const offered = await offerDueMove(looked.run, decision, subject, deps, signal);
  const acted = await act(looked.run, offered, reach, signal);
  await keep(looked.run, acted, deps);
  await holdOver(looked.run, acted.action, deps);
  return { ...answer(looked.run, acted.action), polls: input.polls + 1 };
};

const stopped = ({ polls }: Input, reasons: string[]): Output => ({
  outcome: 'stopped',
  waitSeconds: 1,
  polls: polls + 1,
  message: '',
  reasons,
});

/** One that was told as abandoned stays that. */
const ended = (input: Input, { outcome }: UpgradeRun): Output => ({
  ...stopped(input, ['this run has ended already; nothing more is done']),
  ...(outcome === 'abandoned' ? { outcome } : {}),
});

/** Seconds until the first look after a start. */
const FIRST_LOOK = 20;

const answer = ({ plan }: UpgradeRun, action: Action): Omit<Output, 'polls'> => {
  if (action.kind === 'done') {
    const outcome = plan.direction === 'rollback' ? 'rolled-back' : 'upgraded';
    return { outcome, waitSeconds: 1, message: '', reasons: [`${plan.cluster} is at ${plan.to}`] };
  }
  if (action.kind === 'stop') {
    return { outcome: action.outcome, waitSeconds: 1, message: '', reasons: [...action.reasons] };
  }
  if (action.kind === 'start') {
    return {
      outcome: 'under-way',
      waitSeconds: FIRST_LOOK,
      message: `started: ${action.step.title}`,
      reasons: [],
    };
  }
  return { outcome: 'under-way', waitSeconds: action.seconds, message: action.message, reasons: [] };
};

/** A wait that is longer than the others keeps the cluster for as long, so that nobody takes it meanwhile. */
const holdOver = async (
  { cluster, execution, fence = 0 }: UpgradeRun,
  action: Action,
  { locks }: Deps,
): Promise<void> => {
  if (action.kind !== 'wait' || action.seconds <= LONGEST_POLL_SECONDS) return;
  // Whoever ended the run meanwhile has freed the cluster, and it stays free.
  if (!(await locks.isHeld(clusterLock(cluster), execution.arn, fence))) return;
  await locks.acquire(clusterLock(cluster), execution.arn, lockSecondsOver(action.seconds));
};

/** Writes down what this look has seen and begun; an end that somebody else wrote stays. */
const keep = async (
  run: UpgradeRun,
  { steps, worseSince }: Decision,
  { ledger, clock }: Deps,
): Promise<void> => {
  await updateRecord(
    ledger,
    upgradeRunKind,
    upgradeRunKey(run.cluster, run.execution.name),
    (current: UpgradeRun | undefined): UpgradeRun | undefined => {
      if (!current || current.endedAt !== undefined) return undefined;
      const { worseSince: _, ...rest } = current;
      return {
        ...rest,
        ...(run.before && { before: run.before }),
        steps,
        ...(worseSince === undefined ? {} : { worseSince }),
      };
    },
    clock,
  );
};

export const handler = makeLambda({
  contract,
  deps: (env) => {
    const { ledger, outbox } = wireTelling(env);
    const { environments } = readConfiguration();
    return {
      ledger,
      outbox,
      offerChange: openChangeOffers(),
      locks: openLocks(ledger, systemClock),
      pauses: openPauses(ledger, systemClock),
      maintenance: openMaintenance(ledger, systemClock),
      clock: systemClock,
      subjects: readSubjects(),
      sources: openClusterSources,
      updater: openEksUpdater,
      gitlabOf: (environment: string) => environments[environment]?.gitlab?.url,
      probeGitLab: probeSignIn,
    };
  },
  run,
});
