import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ExecutionState } from '../../clients/executions.ts';
import type { DrillRun } from '../../records/backup/drill.ts';
import { DRILL_RESTORE_PREFIX } from '../../records/backup/drill-limits.ts';
import { RestoreOutcome, type RestoreRun } from '../../records/backup/restore.ts';
import type { Job } from '../../records/kubernetes-job.ts';

/** The restore of a drill: an execution of the machine of all restores, which has the name of the drill. */

/** One name a drill, so that a repeat starts no second one. At most 80 characters. */
export const nameDrillRestore = ({ id }: Pick<DrillRun, 'id'>): string =>
  `${DRILL_RESTORE_PREFIX}${hashOf(id)}`;

/**
 * The execution by which the place gets its own back: one a try, since a name can be had once.
 *
 * @param failures of the tries before, of the execution of the drill.
 */
export const nameGiveBack = (
  { id, execution }: Pick<DrillRun, 'id' | 'execution'>,
  failures: number,
): string => `${DRILL_RESTORE_PREFIX}back-${hashOf([id, execution.name, failures].join('\n'))}`;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

export const arnOfRestore = (machine: string, run: Pick<DrillRun, 'id'>): string =>
  arnOfExecution(machine, nameDrillRestore(run));

export const arnOfExecution = (machine: string, name: string): string =>
  `${machine.replace(':stateMachine:', ':execution:')}:${name}`;

/** What came of it, as far as anybody can see. */
export interface DrillRestore {
  /** Undefined: it was never started. */
  readonly execution: ExecutionState | undefined;
  /** Its own record; undefined of one that was refused before it changed anything. */
  readonly record: RestoreRun | undefined;
  /** Another execution brings it to rest. */
  readonly isCarried: boolean;
  /** Jobs of it that may still write. */
  readonly live: readonly Job[];
}

/** Milliseconds behind its end in which the handler of failures has another execution bring a restore to rest. */
const HANDOVER_MS = 120_000;

/** May it still put data into the place, or undo what it did there? What gives the place back does neither. */
export const isRestoring = ({ execution, record, isCarried, live }: DrillRestore, now: Date): boolean => {
  if (execution?.status === 'running' || live.length > 0) return true;
  if (record?.way === 'give-back') return false;
  const isLeft = record !== undefined && record.state !== 'ended';
  return isCarried || (isLeft && now.getTime() - (execution?.stoppedAt?.getTime() ?? 0) < HANDOVER_MS);
};

const Ended = z.object({
  outcome: RestoreOutcome.catch('refused'),
  reasons: z.array(z.string()).catch([]),
});

/** How it ended, by its record, or by what its machine gave where it has none. */
export const readRestoreEnd = ({
  execution,
  record,
}: Pick<DrillRestore, 'execution' | 'record'>): {
  readonly outcome?: RestoreOutcome;
  readonly reasons: readonly string[];
} => {
  if (record?.state === 'ended' && record.outcome !== undefined) {
    return { outcome: record.outcome, reasons: [...record.reasons, ...(record.failure?.reasons ?? [])] };
  }
  const output = execution?.status === 'succeeded' ? parseOutput(execution.output) : undefined;
  if (output) return output;
  const { error, cause, status = 'gone' } = execution ?? {};
  const said = [error, cause].filter((text) => text !== undefined).join(': ');
  return { reasons: [`Its execution ${status}${said === '' ? '' : ` (${said.slice(0, 300)})`}.`] };
};

const parseOutput = (output: string | undefined) => {
  try {
    return Ended.safeParse(JSON.parse(output ?? '')).data;
  } catch {
    return undefined;
  }
};
