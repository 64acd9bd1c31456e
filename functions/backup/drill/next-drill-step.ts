import type { DrillOutcome, DrillRun, DrillStep } from '../../records/backup/drill.ts';
import { listLeft } from './destroy-list.ts';
import { changeDrillStep, DESTRUCTION, findDrillStep, mayHoldData, stateOf } from './drill-steps.ts';

/** What one look at the step of a drill came to. */
export type DrillVerdict =
  | { readonly state: 'act'; readonly message: string }
  | { readonly state: 'wait'; readonly seconds: number; readonly message: string }
  /** Whoever may read Helm releases has to look first. */
  | { readonly state: 'inspect'; readonly message: string }
  | { readonly state: 'done'; readonly message: string }
  | { readonly state: 'failed'; readonly reasons: readonly string[] };

/** What is seen at every look, whatever the step. */
export interface DrillLook {
  readonly now: Date;
  /** Why the place is not closed any more, or something in it reaches out; sentences. */
  readonly breaches: readonly string[];
  /** Is the restore of this drill still at work? */
  readonly isRestoring: boolean;
}

/** What is done next; the record is written before it is done. */
type DrillMove =
  | { readonly kind: 'do'; readonly step: DrillStep; readonly message: string }
  | { readonly kind: 'wait'; readonly seconds: number; readonly message: string }
  | { readonly kind: 'inspect'; readonly message: string }
  | { readonly kind: 'end'; readonly outcome: DrillOutcome };

export interface DrillDecision {
  readonly run: DrillRun;
  readonly move: DrillMove;
}

/** A cluster may be away for minutes, and what was not destroyed stays. Looks are a minute apart. */
export const MAX_DESTROY_FAILURES = 10;
const RETRY_SECONDS = 60;

/**
 * Decides what comes next: the one rule of going on, breaking off and destroying.
 *
 * Nothing is woken or filled without a proof that nothing gets out, and from the moment the place was closed every look
 * asks again. Whatever fails in the rehearsal leads to the destruction, and so does its good end. The network is opened
 * only over a place that is asleep and empty: when that fails, it stays closed and a person is told.
 *
 * @param verdict of the step that `findDrillStep` gives; undefined when it gives none.
 */
export const nextDrillStep = (
  run: DrillRun,
  verdict: DrillVerdict | undefined,
  look: DrillLook,
): DrillDecision => {
  const current = findDrillStep(run);
  if (!current || !verdict) return leave(run, look.now);
  const { step } = current;
  if (run.way === 'rehearse') {
    const barred = barrierTo(run, step, look);
    if (barred.length > 0) return breakOff(run, step, barred, look.now);
  }
  if (run.way === 'destroy' && look.isRestoring) {
    return retry(run, step, ['The restore is still at work there, and would fill it again.'], look.now);
  }
  if (isNeedless(run, step)) {
    return goOn(
      changeDrillStep(run, step, { state: 'skipped', message: 'there is nothing to do' }),
      look.now,
    );
  }
  const at = look.now.toISOString();
  if (verdict.state === 'failed') {
    return run.way === 'rehearse'
      ? breakOff(run, step, verdict.reasons, look.now)
      : retry(run, step, verdict.reasons, look.now);
  }
  if (verdict.state === 'done') return goOn(finish(run, step, verdict.message, at), look.now);
  const running = changeDrillStep(run, step, {
    state: 'running',
    startedAt: current.startedAt ?? at,
    message: verdict.message,
  });
  if (verdict.state === 'wait') {
    return { run: running, move: { kind: 'wait', seconds: verdict.seconds, message: verdict.message } };
  }
  if (verdict.state === 'inspect') {
    return { run: running, move: { kind: 'inspect', message: verdict.message } };
  }
  return {
    run: step === 'restore' ? { ...running, filledAt: running.filledAt ?? at } : running,
    move: { kind: 'do', step, message: verdict.message },
  };
};

/** Steps before which the network must be proven closed, and those before which it must have been closed. */
const BEHIND_PROOF: readonly DrillStep[] = ['wake', 'restore', 'check'];
const WATCHED: readonly DrillStep[] = ['probe-closed', ...BEHIND_PROOF];

/** Does a step ask at every look whether the place is still closed? */
export const isWatched = ({ way }: Pick<DrillRun, 'way'>, step: DrillStep): boolean =>
  way === 'rehearse' && WATCHED.includes(step);

const barrierTo = (run: DrillRun, step: DrillStep, { breaches }: DrillLook): readonly string[] => {
  if (BEHIND_PROOF.includes(step) && run.proof?.state !== 'closed') {
    return ['Nobody has proven that nothing gets out of the place.', ...(run.proof?.reasons ?? [])];
  }
  return WATCHED.includes(step) ? breaches : [];
};

/** A place in which nothing was done needs no cleaning, and no second look. */
const isNeedless = (run: DrillRun, step: DrillStep): boolean => {
  if (step === 'sleep') return run.woken.every(({ asleepAt }) => asleepAt !== undefined);
  if (step === 'look-again' || step === 'empty') return !mayHoldData(run);
  if (step === 'give-back') return run.restore === undefined;
  return step === 'remove' && run.made.every(({ removedAt }) => removedAt !== undefined);
};

const finish = (run: DrillRun, step: DrillStep, message: string, at: string): DrillRun => {
  const done = changeDrillStep(run, step, { state: 'done', endedAt: at, message });
  return step === 'empty' ? { ...done, emptiedAt: at } : done;
};

const goOn = (run: DrillRun, now: Date): DrillDecision => {
  const next = findDrillStep(run);
  if (next) return { run, move: { kind: 'wait', seconds: 1, message: `next: ${next.step}` } };
  return leave(run, now);
};

/** A rehearsal that is over is destroyed; a destruction that is over is the end. */
const leave = (run: DrillRun, now: Date): DrillDecision => {
  if (run.state === 'ended') return { run, move: { kind: 'end', outcome: run.outcome ?? 'not-destroyed' } };
  if (run.way === 'rehearse') {
    const message = 'the rehearsal is over, and everything is destroyed';
    return { run: { ...run, way: 'destroy' }, move: { kind: 'wait', seconds: 1, message } };
  }
  const left = listLeft(run);
  const outcome = outcomeOf(run, left);
  const ended: DrillRun = { ...run, state: 'ended', outcome, left, endedAt: now.toISOString() };
  return { run: ended, move: { kind: 'end', outcome } };
};

const breakOff = (run: DrillRun, step: DrillStep, reasons: readonly string[], now: Date): DrillDecision => {
  const at = now.toISOString();
  const failed = changeDrillStep(run, step, { state: 'failed', endedAt: at, message: reasons.join(' ') });
  const failure = { step, at, reasons: [...reasons] };
  return leave({ ...failed, failure }, now);
};

/** Gives up on a step after many failures; what needs it as done is then left alone as well. */
const retry = (run: DrillRun, step: DrillStep, reasons: readonly string[], now: Date): DrillDecision => {
  const failures = (run.steps.find((one) => one.step === step)?.failures ?? 0) + 1;
  const message = reasons.join(' ');
  if (failures < MAX_DESTROY_FAILURES) {
    const noted = changeDrillStep(run, step, { state: 'running', failures, message });
    return { run: noted, move: { kind: 'wait', seconds: RETRY_SECONDS, message } };
  }
  const at = now.toISOString();
  const failed = changeDrillStep(run, step, { state: 'failed', failures, endedAt: at, message });
  const barred = DESTRUCTION.slice(DESTRUCTION.indexOf(step) + 1).filter((one) => NEEDS[one]?.includes(step));
  const closed = barred.reduce(
    (barredRun, one) => changeDrillStep(barredRun, one, { state: 'failed', message: `${step} failed` }),
    failed,
  );
  return goOn(closed, now);
};

/** A place is changed after a second look alone, and opened only when it is empty, asleep and its own again. */
const NEEDS: Readonly<Partial<Record<DrillStep, readonly DrillStep[]>>> = {
  empty: ['look-again'],
  'give-back': ['look-again'],
  remove: ['look-again', 'empty', 'sleep', 'give-back'],
};

const outcomeOf = (run: DrillRun, left: readonly string[]): DrillOutcome => {
  if (left.length > 0) return 'not-destroyed';
  if (run.failure === undefined) return stateOf(run, 'check') === 'done' ? 'passed' : 'failed';
  return run.failure.step === 'look-apart' ? 'refused' : 'failed';
};
