import type * as z from 'zod';
import { openBucketFacts } from '../clients/bucket-facts/open-bucket-facts.ts';
import { connectKubernetesJobs } from '../clients/kubernetes-jobs.ts';
import { connectKubernetesScaling } from '../clients/kubernetes-scaling.ts';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { openPauses } from '../clients/pauses.ts';
import { openRoleSimulation } from '../clients/role-simulation/open-role-simulation.ts';
import {
  placeOf,
  type RestorePlan,
  type RestorePrecheck,
  restorePlanKey,
  restorePlanKind,
} from '../records/backup/restore-plan.ts';
import type { Configuration } from '../records/configuration.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './plan-restore.contract.ts';
import { makeRestorePlan, type RestorePlanDraft } from './restore/make-restore-plan.ts';
import { judgePrechecks } from './restore/prechecks/judge-prechecks.ts';
import { RESTORE_RULES } from './restore/prechecks/rules/registry.ts';
import { readInspection } from './restore/reading/inspection.ts';
import { gatherRestoreFacts, type PlanSources } from './restore/reading/plan-facts.ts';
import { findRestore, type RestoreSubject } from './restore/reading/restore-subject.ts';
import { resumePlan } from './restore/reading/resumed-plan.ts';
import { readPlaceRun, readRestorePlan } from './restore/reading/run-record.ts';
import { judgeArchivePlace, judgeSafety, judgeShared, judgeWayBack } from './restore/reading/safety-check.ts';
import { judgeOpenRun } from './restore/run-life.ts';
import { describeRestorePlan } from './restore/telling/restore-lines.ts';
import type { SetStore } from './sets/set-store.ts';
import { wireSets } from './wiring.ts';

interface Deps {
  readonly ledger: Pick<Ledger, 'read' | 'claim'>;
  readonly sets: Pick<SetStore, 'read'>;
  readonly configuration: Configuration;
  readonly sources: (subject: RestoreSubject) => Omit<PlanSources, 'ledger'>;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Makes the plan that a person asked for and writes it down: what is approved later is this record. A run that was left
 * in the middle is gone on with by its own plan. Reads, and changes nothing.
 *
 * @throws TransientError while cluster, IAM or ledger do not answer.
 */
export const run = async (
  { execution, request }: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const subject = findRestore(deps.configuration, request);
  const place = placeOf(subject.target);
  const open = judgeOpenRun((await readPlaceRun(deps.ledger, place))?.value, request.set);
  if (open.state === 'refused') return { outcome: 'refused', text: [], reasons: [open.reason] };
  const about = { request, madeAt: deps.clock.now().toISOString(), execution };
  const made: RestorePlan =
    open.state === 'resume'
      ? resumePlan(open.run, about)
      : { ...(await draftPlan({ execution, request }, subject, deps, signal)), ...about };
  const key = restorePlanKey(execution.name);
  const claimed = await deps.ledger.claim(restorePlanKind, key, made);
  // A Lambda that died behind the write left the plan that counts.
  const kept = claimed.ok ? made : await readRestorePlan(deps.ledger, execution);
  const stopping = kept.resumes === undefined ? kept.checks.filter(({ stops }) => stops) : [];
  const text = describeRestorePlan(kept)
    .slice(0, contract.MAX_LINES)
    .map((line) => line.slice(0, MAX_CHARACTERS));
  const plan = { id: kept.id, key };
  if (stopping.length > 0) {
    return { outcome: 'refused', plan, text, reasons: stopping.slice(0, MAX_REASONS).map(describe) };
  }
  return {
    outcome: request.dryRun ? 'planned' : 'proceed',
    approvalSeconds: subject.owner.settings.restore.approvalHours * 3_600,
    plan,
    text:
      kept.resumes === undefined
        ? text
        : [`Goes on with the restore ${kept.resumes}, from where its record says that it is.`, ...text],
    reasons: [],
  };
};

/** As many as a person reads; the record has all of them. */
const MAX_REASONS = 20;
/** Of one line; a namespace may have any number of Deployments. */
const MAX_CHARACTERS = 1_000;

const describe = ({ code, message, remedy }: RestorePrecheck): string =>
  [`${code}: ${message}`, ...(remedy === undefined ? [] : [remedy])].join(' ').slice(0, MAX_CHARACTERS);

const draftPlan = async (
  { execution, request }: Input,
  subject: RestoreSubject,
  deps: Deps,
  signal: AbortSignal,
): Promise<RestorePlanDraft> => {
  const inspection = await readInspection(deps.ledger, execution);
  const set = await deps.sets.read(inspection.set);
  if (!set) {
    const { id, environment } = inspection.set;
    throw new RefusedError('restore.no-set', `There is no backup set ${id} of ${environment} any more.`);
  }
  const sources = { ...deps.sources(subject), ledger: deps.ledger };
  const task = { request, subject, set, inspection };
  const facts = await gatherRestoreFacts(task, sources, deps.clock.now(), signal);
  const { checks } = judgePrechecks(facts, RESTORE_RULES);
  return makeRestorePlan(facts, [
    ...judgeSafety(subject, request),
    ...judgeWayBack(subject),
    ...judgeShared(inspection),
    ...judgeArchivePlace(set, inspection),
    ...checks,
  ]);
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }): Deps => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      ledger,
      sets: wireSets(ledger),
      configuration: readConfiguration(),
      sources: ({ target }) => ({
        pauses: openPauses(ledger, systemClock),
        jobs: connectKubernetesJobs(target),
        scaling: connectKubernetesScaling(target),
        simulation: openRoleSimulation(target.region),
        buckets: openBucketFacts(target.region),
      }),
      clock: systemClock,
    };
  },
  run,
});
