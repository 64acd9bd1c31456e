import type { RestoreReference, RestoreRun } from '../../../records/backup/restore.ts';
import type { RestorePlan } from '../../../records/backup/restore-plan.ts';
import { nextRestoreStep } from '../next-restore-step.ts';
import { adoptRun, type Bearer, beginRun, interruptRun, judgeOpenRun } from '../run-life.ts';
import { isOfDrill } from '../run-rest.ts';
import { enterWay } from '../run-steps.ts';
import { addOverrides } from './resumed-plan.ts';

/** What a new execution makes of the run that lies at its place. */

export type OpenedRun =
  | { readonly ok: true; readonly run: RestoreRun }
  | { readonly ok: false; readonly reason: string };

/**
 * Opens the run of an approved plan: a new one, or the one that the plan goes on with. Whatever has come in between
 * since the plan was made refuses it.
 *
 * @param current the run that lies there now.
 */
export const openPlannedRun = (
  current: RestoreRun | undefined,
  plan: RestorePlan,
  bearer: Bearer,
  now: Date,
): OpenedRun => {
  // A repeat of this step, whose first try wrote it.
  if (current?.execution.name === bearer.execution.name && current.state !== 'ended') {
    return { ok: true, run: adoptRun(current, bearer) };
  }
  if (plan.resumes !== undefined) {
    if (current?.id !== plan.resumes || current.state === 'ended') {
      return { ok: false, reason: `the restore ${plan.resumes} has ended meanwhile` };
    }
    return { ok: true, run: { ...adoptRun(current, bearer), plan: addOverrides(current.plan, plan) } };
  }
  if (current?.id === bearer.execution.name) {
    return { ok: false, reason: `${bearer.execution.name} has ended already` };
  }
  const open = judgeOpenRun(current, { drill: plan.request.drill });
  if (open.state !== 'free') {
    const reason = `the restore ${current?.id ?? ''} was begun here since the plan was made; start again to go on with it`;
    return { ok: false, reason };
  }
  return { ok: true, run: beginRun(plan, bearer, now) };
};

/**
 * Has a run whose execution is gone brought to rest, without an approval: nothing can come of it but an undoing, or the
 * question to a person.
 */
export const openCarriedRun = (
  current: RestoreRun | undefined,
  { id }: RestoreReference,
  bearer: Bearer,
  now: Date,
): OpenedRun => {
  if (current?.id !== id || current.state === 'ended') {
    return { ok: false, reason: `there is no restore ${id} that has not ended` };
  }
  if (current.execution.name === bearer.execution.name) return { ok: true, run: adoptRun(current, bearer) };
  const carried = adoptRun(current, bearer);
  if (current.state === 'held' || current.way === 'undo') return { ok: true, run: carried };
  const reason = `the execution ${current.execution.name} is gone`;
  return { ok: true, run: interruptRun(carried, [reason], now) };
};

/**
 * Has the run of a drill give its place back, whatever came of it: the drill has emptied the place by then. Whether the
 * drill wants that is asked before.
 */
export const openGivenBack = (
  current: RestoreRun | undefined,
  { id }: RestoreReference,
  bearer: Bearer,
): OpenedRun => {
  if (current?.id !== id || !isOfDrill(current)) {
    return { ok: false, reason: `there is no restore ${id} of a drill` };
  }
  const isRepeat = current.execution.name === bearer.execution.name;
  if (isRepeat && current.state !== 'ended') return { ok: true, run: adoptRun(current, bearer) };
  if (isRepeat) return { ok: false, reason: `${bearer.execution.name} has ended already` };
  const { outcome: _, endedAt: __, failure: ___, ...rest } = adoptRun(current, bearer);
  return { ok: true, run: { ...enterWay(rest, 'give-back'), reasons: [] } };
};

/** A run to which nobody has done anything yet, given up: its execution was ended while it began. */
export const abandonRun = (run: RestoreRun, reason: string, now: Date): RestoreRun => {
  const interrupted = interruptRun(run, [reason], now);
  return nextRestoreStep(interrupted, undefined, { now, mayWrite: { ok: true } }).run;
};
