import type { DrillRun } from '../../records/backup/drill.ts';
import { type DrillDecision, type DrillLook, type DrillVerdict, nextDrillStep } from './next-drill-step.ts';

/** What one step of a drill saw, and would do. */
export interface DrillTurn {
  readonly verdict: DrillVerdict;
  /** What was learned by looking: it goes into the record whatever comes next. */
  readonly learn?: (run: DrillRun) => DrillRun;
  /** What is about to be made or changed: it goes into the record before `deed`, and only then. */
  readonly intend?: (run: DrillRun) => DrillRun;
  /** Of the verdict `act`; can be repeated. */
  readonly deed?: () => Promise<void>;
}

/** One that comes to nothing. @param reasons sentences. */
export const failTurn = (...reasons: readonly string[]): DrillTurn => ({
  verdict: { state: 'failed', reasons },
});

/**
 * Takes one turn: what was learned and what is intended is written down, and only then is anything done. Whoever dies in
 * between leaves a record that names more than there is, never less.
 *
 * @param write keeps the record; it throws when somebody else has changed it.
 */
export const takeDrillTurn = async (
  run: DrillRun,
  turn: DrillTurn | undefined,
  look: DrillLook,
  write: (run: DrillRun) => Promise<void>,
): Promise<DrillDecision> => {
  const learned = turn?.learn?.(run) ?? run;
  const decision = nextDrillStep(learned, turn?.verdict, look);
  const isDone = decision.move.kind === 'do';
  const noted = isDone && turn?.intend ? turn.intend(decision.run) : decision.run;
  await write(noted);
  if (isDone) await turn?.deed?.();
  return { ...decision, run: noted };
};
