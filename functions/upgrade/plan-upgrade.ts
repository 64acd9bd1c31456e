import type * as z from 'zod';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type KubernetesMinor, shiftMinor } from '../records/kubernetes-version.ts';
import { type UpgradePlan, upgradePlanKey, upgradePlanKind } from '../records/upgrade/plan.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { DefectError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { chooseTarget } from './check-target.ts';
import { type ClusterSubject, findSubject } from './cluster-subjects.ts';
import { makePlan } from './plan/make-plan.ts';
import { makeRollbackPlan } from './plan/make-rollback-plan.ts';
import type { PlanSubject, PlanVerdict } from './plan/plan-subject.ts';
import * as contract from './plan-upgrade.contract.ts';
import type { FactSources } from './reading/collection.ts';
import { readPlanFacts } from './reading/plan-facts.ts';
import { openSources } from './reading/sources.ts';
import { readPlan } from './run/plan-record.ts';
import { describePlan } from './telling/plan-text.ts';
import { readSubjects } from './wiring.ts';

interface Deps {
  readonly ledger: Pick<Ledger, 'read' | 'claim'>;
  readonly clock: Clock;
  readonly subjects: readonly ClusterSubject[];
  readonly sources: (subject: ClusterSubject) => FactSources;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Makes the plan that a person asked for and writes it down: what is approved later is this record. Reads, and changes
 * nothing.
 *
 * @throws what EKS says when the cluster itself cannot be read.
 */
export const run = async (
  { execution, request }: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const subject = findSubject(deps.subjects, request.cluster);
  if (!subject) {
    const known = deps.subjects.flatMap(({ environments }) => environments).join(', ');
    return end(
      'refused',
      request.cluster,
      `there is no environment or cluster ${request.cluster}; write one of ${known}`,
    );
  }
  const { cluster, settings, environments } = subject;
  const verdict = await plan({ execution, request }, subject, deps, signal);
  if (!verdict.ok) return end(verdict.outcome, cluster, verdict.reason);
  const environment = environments.includes(request.cluster) ? request.cluster : (environments[0] ?? cluster);
  const made: UpgradePlan = {
    ...verdict.plan,
    environment,
    request,
    madeAt: deps.clock.now().toISOString(),
    execution,
  };
  const key = upgradePlanKey(execution.name);
  const claimed = await deps.ledger.claim(upgradePlanKind, key, made);
  // A Lambda that died behind the write left the plan that counts.
  const kept = claimed.ok ? made : await readPlan(deps.ledger, execution);
  return {
    outcome: request.dryRun ? 'planned' : 'proceed',
    cluster,
    owner: kept.owner,
    approvalSeconds: settings.approvalHours * 3_600,
    plan: { id: kept.id, key },
    text: describePlan(kept),
    reasons: [],
  };
};

const end = (outcome: 'refused' | 'nothing-to-do', cluster: string, reason: string): Output => ({
  outcome,
  cluster,
  text: [],
  reasons: [reason],
});

const plan = async (
  { request }: Input,
  named: ClusterSubject,
  deps: Deps,
  signal: AbortSignal,
): Promise<PlanVerdict> => {
  const { cluster, settings, environments } = named;
  const sources = deps.sources(named);
  const current = (await sources.eks?.readCluster(cluster, signal))?.version;
  if (current === undefined)
    throw new DefectError('sources.missing', 'A plan needs EKS to know the version.');
  const next = chooseTarget({ asked: request.target, configured: settings.target, current });
  const task = {
    cluster,
    current: request.rollback ? shiftMinor(current, -1) : current,
    target: next,
    settings,
  };
  const facts = await readPlanFacts(sources, task, signal);
  const subject: PlanSubject = {
    facts,
    settings,
    environment: environments[0] ?? cluster,
    now: deps.clock.now(),
  };
  if (request.rollback) {
    if (request.target !== undefined && request.target !== shiftMinor(current, -1)) {
      const reason = `a way back leads by one minor, from ${current} to ${shiftMinor(current, -1)}: leave the target out`;
      return { ok: false, outcome: 'refused', reason };
    }
    return makeRollbackPlan(subject);
  }
  return request.target === undefined
    ? planOnwards(subject, current, next, settings.target)
    : makePlan(subject, next);
};

/**
 * Without a target: what an earlier upgrade left undone comes before the next minor, so that the same input as before
 * goes on where it ended.
 */
const planOnwards = (
  subject: PlanSubject,
  current: KubernetesMinor,
  next: KubernetesMinor,
  configured: KubernetesMinor | undefined,
): PlanVerdict => {
  const rest = makePlan(subject, current);
  if (rest.ok || rest.outcome === 'refused' || configured === current) return rest;
  return makePlan(subject, next);
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => ({
    ledger: connectLedger(LEDGER_BUCKET),
    clock: systemClock,
    subjects: readSubjects(),
    sources: openSources(LEDGER_BUCKET),
  }),
  run,
});
