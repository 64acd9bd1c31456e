import type { Ledger } from '../../../clients/ledger.ts';
import { approvalKind } from '../../../records/approval.ts';
import type { RestoreReference } from '../../../records/backup/restore.ts';
import { placeOf, type RestorePlan, restoreApprovalKey } from '../../../records/backup/restore-plan.ts';
import type { Configuration } from '../../../records/configuration.ts';
import type { Execution } from '../../../records/execution.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import type { SetStore } from '../../sets/set-store.ts';
import { DRILL_APPROVAL, findDrillAt, judgeDrillClaim, judgeGiveBackClaim } from '../drill-claim.ts';
import { listPlanChanges } from '../plan-changes.ts';
import { draftPlan, type SubjectSources } from './draft-plan.ts';
import { readDrill } from './drill-record.ts';
import { findRestore } from './restore-subject.ts';
import { readPlaceRun } from './run-record.ts';

/** Whether a plan may begin now, which may be days after it was made. */

interface JudgementSources {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly sets: Pick<SetStore, 'read'>;
  readonly configuration: Configuration;
  readonly sources: SubjectSources;
  readonly clock: Clock;
}

type BeginVerdict =
  | { readonly ok: true; readonly approvedBy: string }
  /** @property reasons sentences, at least one. */
  | { readonly ok: false; readonly reasons: readonly string[] };

/** As many as a person reads. */
const MAX_REASONS = 20;

/**
 * Judges once more all that may have changed while its approval was waited for: the approval itself, a pause, the place,
 * the set, and every precheck that can be read without opening a Secret. A run that is gone on with has its place and its
 * data already, and needs the approval and no pause.
 *
 * @throws TransientError while cluster, IAM or ledger do not answer.
 */
export const judgeBegin = async (
  plan: RestorePlan,
  execution: Execution,
  sources: JudgementSources,
  signal: AbortSignal,
): Promise<BeginVerdict> => {
  const approval = await findApproval(plan, execution, sources);
  if (!approval.ok) return approval;
  const { pauses } = sources.sources(findPlanSubject(plan, sources));
  const { environment } = plan.target;
  const pause = await pauses.judge({ capability: 'backup', environment, target: placeOf(plan.target) });
  if (!pause.ok) return refuse([pause.reason]);
  if (plan.resumes !== undefined) return approval;
  const changes = await findChanges(plan, execution, sources, signal);
  return changes.length > 0 ? refuse(changes) : approval;
};

/**
 * Judges whether the place of a drill may be given back: by the record of that drill alone, never by what a payload says.
 *
 * @returns sentences; none when it may.
 */
export const judgeGiveBack = async (
  { place, id }: RestoreReference,
  execution: Pick<Execution, 'arn'>,
  ledger: Pick<Ledger, 'read'>,
): Promise<string[]> => {
  const run = await readPlaceRun(ledger, place);
  const current = run?.value;
  if (current?.id !== id) return [`There is no restore ${id} at ${place}.`];
  return judgeGiveBackClaim(
    { execution, plan: current.plan },
    await readDrill(ledger, current.plan.set.environment),
  );
};

const refuse = (reasons: readonly string[]): BeginVerdict => ({
  ok: false,
  reasons: reasons.slice(0, MAX_REASONS),
});

const findPlanSubject = (plan: RestorePlan, { configuration }: JudgementSources) =>
  findRestore(configuration, plan.request);

/** That of a drill is drydock.yaml, and anybody else's is in the ledger; never what a payload says. */
const findApproval = async (
  plan: RestorePlan,
  execution: Execution,
  { ledger, configuration }: JudgementSources,
): Promise<BeginVerdict> => {
  const { drill } = plan.request;
  const run = await readDrill(ledger, plan.set.environment);
  if (drill !== undefined) {
    const { settings } = findRestore(configuration, plan.request).origin;
    const reasons = judgeDrillClaim({ execution, plan, drill }, run, settings);
    return reasons.length > 0 ? refuse(reasons) : { ok: true, approvedBy: DRILL_APPROVAL };
  }
  const busy = findDrillAt(plan.target, run);
  if (busy !== undefined) return refuse([busy]);
  const stored = await ledger.read(approvalKind, restoreApprovalKey(plan.execution.name));
  return stored?.value.plan === plan.id
    ? { ok: true, approvedBy: stored.value.by }
    : refuse(['nobody has approved this plan']);
};

const findChanges = async (
  plan: RestorePlan,
  execution: Execution,
  judging: JudgementSources,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const { ledger, sets, clock } = judging;
  const subject = findPlanSubject(plan, judging);
  const sources = { ...judging.sources(subject), ledger, sets, clock };
  try {
    const now = await draftPlan({ execution, request: plan.request }, subject, sources, signal);
    return listPlanChanges(plan, now);
  } catch (error) {
    if (error instanceof RefusedError) return [error.message];
    throw error;
  }
};
