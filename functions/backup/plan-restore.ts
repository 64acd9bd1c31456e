import type * as z from 'zod';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
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
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './plan-restore.contract.ts';
import { findDrillAt, judgeDrillClaim } from './restore/drill-claim.ts';
import { extensions } from './restore/prechecks/rules/extension-rule.ts';
import { draftPlan, type SubjectSources } from './restore/reading/draft-plan.ts';
import { readDrill } from './restore/reading/drill-record.ts';
import { wirePlanSources } from './restore/reading/plan-sources.ts';
import { findRestore } from './restore/reading/restore-subject.ts';
import { resumePlan } from './restore/reading/resumed-plan.ts';
import { readPlaceRun, readRestorePlan } from './restore/reading/run-record.ts';
import { judgeOpenRun } from './restore/run-life.ts';
import { describeRestorePlan } from './restore/telling/restore-lines.ts';
import { shortenReasons, shortenText } from './restore/telling/shorten.ts';
import type { SetStore } from './sets/set-store.ts';
import { wireSets } from './wiring.ts';

interface Deps {
  readonly ledger: Pick<Ledger, 'read' | 'claim'>;
  readonly sets: Pick<SetStore, 'read'>;
  readonly configuration: Configuration;
  readonly sources: SubjectSources;
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
  { execution, request, mayProbe }: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const subject = findRestore(deps.configuration, request);
  const place = placeOf(subject.target);
  const drill = await readDrill(deps.ledger, request.environment);
  const busy = request.drill === undefined ? findDrillAt(subject.target, drill) : undefined;
  if (busy !== undefined) return { outcome: 'refused', text: [], reasons: [busy] };
  const open = judgeOpenRun((await readPlaceRun(deps.ledger, place))?.value, request);
  if (open.state === 'refused') return { outcome: 'refused', text: [], reasons: [open.reason] };
  const about = { request, madeAt: deps.clock.now().toISOString(), execution };
  const sources = { ...deps, ...deps.sources(subject) };
  const made: RestorePlan =
    open.state === 'resume'
      ? resumePlan(open.run, about)
      : { ...(await draftPlan({ execution, request }, subject, sources, signal)), ...about };
  if (mayProbe && needsDatabase(made)) return { outcome: 'probe', text: [], reasons: [] };
  const key = restorePlanKey(execution.name);
  const claimed = await deps.ledger.claim(restorePlanKind, key, made);
  // A Lambda that died behind the write left the plan that counts.
  const kept = claimed.ok ? made : await readRestorePlan(deps.ledger, execution);
  const stopping = kept.resumes === undefined ? kept.checks.filter(({ stops }) => stops) : [];
  const text = describeRestorePlan(kept).slice(0, contract.MAX_LINES).map(shortenText);
  const plan = { id: kept.id, key };
  if (stopping.length > 0) {
    return { outcome: 'refused', plan, text, reasons: shortenReasons(stopping.map(describe)) };
  }
  const claim =
    request.drill === undefined
      ? []
      : judgeDrillClaim({ execution, plan: kept, drill: request.drill }, drill, subject.origin.settings);
  if (claim.length > 0) return { outcome: 'refused', plan, text, reasons: claim };
  return {
    outcome: request.dryRun ? 'planned' : request.drill === undefined ? 'proceed' : 'rehearse',
    approvalSeconds: subject.owner.settings.restore.approvalHours * 3_600,
    plan,
    text:
      kept.resumes === undefined
        ? text
        : [`Goes on with the restore ${kept.resumes}, from where its record says that it is.`, ...text],
    reasons: [],
  };
};

const describe = ({ code, message, remedy }: RestorePrecheck): string =>
  [`${code}: ${message}`, ...(remedy === undefined ? [] : [remedy])].join(' ');

/** A pod is made for an answer only where nothing else stands against the restore. */
const needsDatabase = ({ checks, steps, skip, resumes }: RestorePlan): boolean =>
  resumes === undefined &&
  checks.every(({ stops }) => !stops) &&
  checks.some(({ code, outcome }) => code === extensions.code && outcome === 'not-checked') &&
  steps.some(({ step }) => step === 'restore-job') &&
  !skip.includes('db');

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }): Deps => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      ledger,
      sets: wireSets(ledger),
      configuration: readConfiguration(),
      sources: wirePlanSources(ledger),
      clock: systemClock,
    };
  },
  run,
});
