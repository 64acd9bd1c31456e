import type { RestoreOutcome, RestoreRun } from '../../records/backup/restore.ts';
import type { RestoreChoiceWord } from '../../records/backup/restore-choice.ts';
import { DESTRUCTIVE_STEPS, type RestoreStep } from '../../records/backup/restore-plan.ts';
import { applyTurn } from './apply-turn.ts';
import { listChoices } from './choice.ts';
import { stopRun } from './run-rest.ts';
import { type CurrentStep, changeStep, findCurrentStep, isDone } from './run-steps.ts';
import type { Change, StepTurn } from './step-turn.ts';

/** What is done next. */
export type RestoreMove =
  | {
      /** `undo` takes back what the step had done. */
      readonly kind: 'do' | 'undo';
      readonly step: RestoreStep;
      readonly message: string;
      readonly changes: readonly Change[];
    }
  | { readonly kind: 'wait'; readonly seconds: number; readonly message: string }
  /** Web and Sidekiq stay at 0 until a person has chosen. */
  | {
      readonly kind: 'ask';
      readonly choices: readonly RestoreChoiceWord[];
      readonly reasons: readonly string[];
    }
  | { readonly kind: 'end'; readonly outcome: RestoreOutcome; readonly reasons: readonly string[] };

export interface RestoreDecision {
  readonly move: RestoreMove;
  /** The record, to be written before the move is made. */
  readonly run: RestoreRun;
}

/** What a look knows beside its step. */
export interface RestoreLookAround {
  readonly now: Date;
  /** Not while restores are paused, nor when another execution holds the lock. */
  readonly mayWrite: { readonly ok: true } | { readonly ok: false; readonly reason: string };
}

const PAUSE_SECONDS = 60;

/**
 * Decides what comes next in a restore: the one rule of going on, undoing, holding and ending. A step that fails before
 * the first destructive one has everything undone; after it the place stays closed until a person chooses, whatever
 * happens, and that of a drill for good. Nothing is done that the record, written first, does not say.
 *
 * @param turn what was seen of the step that `findCurrentStep` gives; undefined when it gives none.
 */
export const nextRestoreStep = (
  run: RestoreRun,
  turn: StepTurn | undefined,
  { now, mayWrite }: RestoreLookAround,
): RestoreDecision => {
  const current = findCurrentStep(run);
  if (!current || !turn) return { move: atRest(run), run: close(run, now) };
  const { verdict } = turn;
  if (verdict.state === 'act' && !mayWrite.ok) {
    return { move: { kind: 'wait', seconds: PAUSE_SECONDS, message: mayWrite.reason }, run };
  }
  const at = now.toISOString();
  const noted = applyTurn(run, turn, now);
  if (verdict.state === 'failed') return fail(noted, current, verdict.reasons, now);
  if (verdict.state === 'done') return finish(noted, current, verdict.message, now);
  const running = changeStep(noted, current, {
    ...(current.back ? {} : { state: 'running' }),
    startedAt: current.since ?? at,
    message: verdict.message,
  });
  if (verdict.state === 'wait') {
    return { move: { kind: 'wait', seconds: verdict.seconds, message: verdict.message }, run: running };
  }
  const isBegun = turn.job !== undefined || (current.step === 'open' && turn.changes.length > 0);
  const isDestructive = isBegun && current.way === 'restore' && DESTRUCTIVE_STEPS.includes(current.step);
  return {
    move: {
      kind: current.back ? 'undo' : 'do',
      step: current.step,
      message: verdict.message,
      changes: turn.changes,
    },
    run: isDestructive ? { ...running, destructiveAt: running.destructiveAt ?? at } : running,
  };
};

const finish = (run: RestoreRun, current: CurrentStep, message: string, now: Date): RestoreDecision => {
  const ended = endStep(run, current, current.back ? 'undone' : 'done', message, now);
  const left = findCurrentStep(ended);
  if (!left) return { move: atRest(ended), run: close(ended, now) };
  return { move: { kind: 'wait', seconds: 1, message }, run: ended };
};

/** Opened, a GitLab takes writes: what a look from outside finds then is told, and closes nothing. */
const fail = (
  run: RestoreRun,
  current: CurrentStep,
  reasons: readonly string[],
  now: Date,
): RestoreDecision => {
  const { step, way } = current;
  if (isDone(run, 'open')) {
    const findings = reasons.map((message) => ({ step, check: step, result: 'fail' as const, message }));
    const told = { ...run, findings: [...run.findings, ...findings] };
    return finish(told, current, reasons.join(' '), now);
  }
  const failure = { way, step, at: now.toISOString(), reasons: [...reasons] };
  const isUndone = way === 'restore' && run.destructiveAt === undefined;
  const ended = current.back ? run : endStep(run, current, 'failed', reasons.join(' '), now);
  if (isUndone) {
    const message = `${step} failed: everything is undone`;
    return { move: { kind: 'wait', seconds: 1, message }, run: { ...ended, way: 'undo', failure } };
  }
  const stopped = stopRun(ended, failure, now);
  return { move: atRest(stopped), run: stopped };
};

const endStep = (
  run: RestoreRun,
  current: CurrentStep,
  state: 'done' | 'failed' | 'undone',
  message: string,
  now: Date,
): RestoreRun => {
  const { since } = current;
  const before = run.steps.find(
    ({ way, step }) => way === (current.way === 'undo' ? 'restore' : current.way) && step === current.step,
  );
  const at = now.toISOString();
  // Time that undoing takes is none of the step.
  const spent =
    current.back || since === undefined ? 0 : Math.max(0, now.getTime() - Date.parse(since)) / 1_000;
  return changeStep(run, current, {
    state,
    startedAt: since ?? at,
    endedAt: at,
    seconds: Math.round((before?.seconds ?? 0) + spent),
    message,
  });
};

const atRest = (run: RestoreRun): RestoreMove => {
  if (run.state === 'held') {
    return { kind: 'ask', choices: listChoices(run), reasons: run.failure?.reasons ?? [] };
  }
  if (run.outcome !== undefined) return { kind: 'end', outcome: run.outcome, reasons: run.reasons };
  return { kind: 'end', outcome: outcomeOf(run), reasons: describeOutcome(run) };
};

const close = (run: RestoreRun, now: Date): RestoreRun =>
  run.state === 'under-way' && findCurrentStep(run) === undefined
    ? {
        ...run,
        state: 'ended',
        outcome: outcomeOf(run),
        endedAt: now.toISOString(),
        reasons: [...describeOutcome(run)],
      }
    : run;

const outcomeOf = (run: RestoreRun): RestoreOutcome => {
  if (run.way === 'put-back') return 'put-back';
  if (run.way === 'open') return 'opened-anyway';
  if (run.way === 'give-back') return 'given-back';
  const isWhole = run.touched.every(({ left }) => left === undefined);
  if (run.way === 'undo') return isWhole ? 'undone' : 'undone-in-part';
  return run.findings.some(({ result }) => result === 'fail') || !isWhole ? 'restored-unwell' : 'restored';
};

const describeOutcome = ({ failure, touched, way }: RestoreRun): readonly string[] => [
  ...(way === 'restore' || !failure ? [] : failure.reasons),
  ...touched.flatMap(({ left }) => left ?? []),
];
