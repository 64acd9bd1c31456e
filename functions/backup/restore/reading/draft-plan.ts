import type { RestoreRequest } from '../../../records/backup/restore-request.ts';
import type { Execution } from '../../../records/execution.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import type { SetStore } from '../../sets/set-store.ts';
import { makeRestorePlan, type RestorePlanDraft } from '../make-restore-plan.ts';
import { describeNative, judgeNative } from '../native/draft-native.ts';
import { viewNative } from '../native/native-sources.ts';
import { judgePrechecks } from '../prechecks/judge-prechecks.ts';
import { RESTORE_RULES } from '../prechecks/rules/registry.ts';
import { readInspection } from './inspection.ts';
import { gatherRestoreFacts, type PlanSources } from './plan-facts.ts';
import { nativePlaceOf, type RestoreSubject } from './restore-subject.ts';
import { judgeArchivePlace, judgeSafety, judgeShared, judgeWayBack } from './safety-check.ts';

/** Where a plan is made of: the place as it is now, and the set as it is now. */
interface DraftSources extends PlanSources {
  readonly sets: Pick<SetStore, 'read'>;
  readonly clock: Clock;
}

/** The clients of one place. */
export type SubjectSources = (subject: RestoreSubject) => Omit<PlanSources, 'ledger'>;

/**
 * Judges every precheck as things stand now and makes the plan of them; what only whoever may read Secrets knows is that
 * of the inspection of this execution.
 *
 * @throws RefusedError `restore.no-set` when the set is gone; TransientError while cluster, IAM or ledger do not answer.
 */
export const draftPlan = async (
  { execution, request }: { readonly execution: Execution; readonly request: RestoreRequest },
  subject: RestoreSubject,
  sources: DraftSources,
  signal: AbortSignal,
): Promise<RestorePlanDraft> => {
  const inspection = await readInspection(sources.ledger, execution);
  const set = await sources.sets.read(inspection.set);
  if (!set) {
    const { id, environment } = inspection.set;
    throw new RefusedError('restore.no-set', `There is no backup set ${id} of ${environment} any more.`);
  }
  const task = { execution, request, subject, set, inspection };
  const facts = await gatherRestoreFacts(task, sources, sources.clock.now(), signal);
  const common = [
    ...judgeSafety(subject, request, set.kind),
    ...judgeShared(inspection, subject.target, request),
  ];
  if (set.kind === 'native') {
    const { sourceBuckets } = subject.origin.settings;
    const about = { set, place: nativePlaceOf(subject), sourceBuckets, run: execution.name };
    const view = await viewNative(about, sources.native, signal);
    const native = describeNative(view, facts);
    return makeRestorePlan(facts, [...common, ...judgeNative(view, facts)], native);
  }
  const { checks } = judgePrechecks(facts, RESTORE_RULES);
  return makeRestorePlan(facts, [
    ...common,
    ...judgeWayBack(subject),
    ...judgeArchivePlace(set, inspection),
    ...checks,
  ]);
};
