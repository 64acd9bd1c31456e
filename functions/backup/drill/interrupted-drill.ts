import { createHash } from 'node:crypto';
import type { DrillRun } from '../../records/backup/drill.ts';
import type { Execution } from '../../records/execution.ts';
import { listLeft } from './destroy-list.ts';
import { findDrillStep } from './drill-steps.ts';

/** What becomes of a drill whose execution failed, ran out of time or was stopped. */

/** Executions in a row at most that destroy by themselves: what none of them can, a person has to. */
export const MAX_DESTROYERS = 4;

/** Names what destroys behind a drill; digits at the end count those before it. */
const DESTROYER = /^destroy-[0-9a-f]{16}-(\d+)$/;

/**
 * The name of the execution that destroys what this one has left: the same for every repeat of its failure.
 *
 * @returns undefined when there were enough of them in a row.
 */
export const nameDestroyer = ({ arn, name }: Pick<Execution, 'arn' | 'name'>): string | undefined => {
  const before = Number(DESTROYER.exec(name)?.[1] ?? 0);
  if (before >= MAX_DESTROYERS) return undefined;
  return `destroy-${createHash('sha256').update(arn).digest('hex').slice(0, 16)}-${before + 1}`;
};

/** Why it failed, unless it was failing already: whoever destroys what is left tells it at the end. */
export const interruptDrill = (run: DrillRun, reasons: readonly string[], now: Date): DrillRun => {
  const step = findDrillStep(run)?.step ?? 'look-apart';
  return { ...run, failure: run.failure ?? { step, at: now.toISOString(), reasons: [...reasons] } };
};

/** The end of one that nobody carries any more, with all that is left of it. */
export const forsakeDrill = (run: DrillRun, reasons: readonly string[], now: Date): DrillRun => {
  const left = listLeft(run);
  const { failure } = interruptDrill(run, reasons, now);
  return {
    ...run,
    state: 'ended',
    outcome: left.length > 0 ? 'not-destroyed' : 'failed',
    ...(failure ? { failure: { ...failure, reasons: [...new Set([...failure.reasons, ...reasons])] } } : {}),
    left,
    endedAt: now.toISOString(),
  };
};
