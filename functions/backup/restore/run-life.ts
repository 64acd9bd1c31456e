import type { RestoreRun } from '../../records/backup/restore.ts';
import type { RestorePlan } from '../../records/backup/restore-plan.ts';
import type { RestoreRequest } from '../../records/backup/restore-request.ts';
import type { Execution } from '../../records/execution.ts';
import { isOfDrill, stopRun } from './run-rest.ts';
import { findCurrentStep, isDone, openSteps } from './run-steps.ts';

/** How a run begins, changes hands, and what becomes of it when its execution is gone. */

export interface Bearer {
  readonly execution: Execution;
  /** Token of the lock that it holds. */
  readonly fence: number;
  readonly approvedBy?: string;
}

/** A run of an approved plan, nothing done yet. */
export const beginRun = (
  plan: RestorePlan,
  { execution, fence, approvedBy }: Bearer,
  now: Date,
): RestoreRun => ({
  version: 1,
  id: execution.name,
  plan,
  execution,
  earlier: [],
  startedBy: plan.request.by,
  ...(approvedBy === undefined ? {} : { approvedBy }),
  fence,
  way: 'restore',
  state: 'under-way',
  steps: openSteps(
    'restore',
    plan.steps.map(({ step }) => step),
  ),
  touched: [],
  jobs: [],
  choices: [],
  findings: [],
  startedAt: now.toISOString(),
  reasons: [],
});

/**
 * Has another execution carry a run that was left in the middle. What is recorded stays as it is: the replicas of
 * before above all, since by now there are none.
 */
export const adoptRun = (run: RestoreRun, { execution, fence, approvedBy }: Bearer): RestoreRun =>
  run.execution.name === execution.name
    ? { ...run, fence }
    : {
        ...run,
        execution,
        fence,
        ...(approvedBy === undefined ? {} : { approvedBy }),
        earlier: [...run.earlier, run.execution.name],
      };

type OpenRunVerdict =
  | { readonly state: 'free' }
  | { readonly state: 'resume'; readonly run: RestoreRun }
  | { readonly state: 'refused'; readonly reason: string };

/**
 * What a new execution finds at the place that it is to restore into. A run that has not ended is gone on with, by its
 * own set; nobody begins another one on top of it. That of a drill is gone on with by nobody: its place is destroyed, and
 * the next drill begins anew once no execution holds the place any more.
 *
 * @param asked the set that a person named, if any, and the drill that the new one belongs to.
 */
export const judgeOpenRun = (
  run: RestoreRun | undefined,
  asked: Pick<RestoreRequest, 'set' | 'drill'>,
): OpenRunVerdict => {
  if (!run || run.state === 'ended') return { state: 'free' };
  const { id, plan, way, state } = run;
  const where = state === 'held' ? 'waits for a choice' : `is on its way (${way})`;
  if (isOfDrill(run)) {
    if (asked.drill !== undefined) return { state: 'free' };
    const reason = `the restore ${id} of a drill was begun here and ${where}; it ends by itself, or with the next drill`;
    return { state: 'refused', reason };
  }
  if (asked.drill !== undefined) {
    const reason = `the restore ${id}, which ${run.startedBy} asked for, was begun here and ${where}: no drill goes on with it`;
    return { state: 'refused', reason };
  }
  if (asked.set !== undefined && asked.set !== plan.set.id) {
    const reason =
      `the restore ${id} of set ${plan.set.id} was begun here and ${where}; start with that set, or with none, ` +
      'to go on with it, and with another one when it has ended';
    return { state: 'refused', reason };
  }
  return { state: 'resume', run };
};

/**
 * What becomes of a run whose execution was stopped or died. Before the first destructive step it is on its way back;
 * after it, it is held, and that of a drill is left as it stands; once GitLab was opened it is at its end. Nothing is
 * done by this: whoever carries the run next begins there.
 */
export const interruptRun = (run: RestoreRun, reasons: readonly string[], now: Date): RestoreRun => {
  const current = findCurrentStep(run);
  if (!current || current.way === 'undo') return run;
  if (isDone(run, 'open')) {
    const unseen = reasons.map((message) => ({
      step: current.step,
      check: current.step,
      result: 'not-checked' as const,
      message,
    }));
    const outcome =
      run.way === 'restore' ? 'restored-unwell' : run.way === 'put-back' ? 'put-back' : 'opened-anyway';
    return {
      ...run,
      state: 'ended',
      outcome,
      endedAt: now.toISOString(),
      findings: [...run.findings, ...unseen],
      reasons: [...reasons],
    };
  }
  const failure = { way: run.way, step: current.step, at: now.toISOString(), reasons: [...reasons] };
  return run.way === 'restore' && run.destructiveAt === undefined
    ? { ...run, way: 'undo', failure }
    : stopRun(run, failure, now);
};
