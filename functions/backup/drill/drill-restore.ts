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
  `${DRILL_RESTORE_PREFIX}${createHash('sha256').update(id).digest('hex').slice(0, 24)}`;

export const arnOfRestore = (machine: string, run: Pick<DrillRun, 'id'>): string =>
  `${machine.replace(':stateMachine:', ':execution:')}:${nameDrillRestore(run)}`;

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

/** May it still put data into the place, or bring back what it found there? */
export const isRestoring = ({ execution, record, isCarried, live }: DrillRestore, now: Date): boolean =>
  execution?.status === 'running' ||
  isCarried ||
  live.length > 0 ||
  (record !== undefined &&
    record.state !== 'ended' &&
    now.getTime() - (execution?.stoppedAt?.getTime() ?? 0) < HANDOVER_MS);

const Ended = z.object({
  outcome: RestoreOutcome.catch('refused'),
  reasons: z.array(z.string()).catch([]),
});

/** How it ended, by its record, or by what its machine gave where it has none. */
export const readRestoreEnd = ({
  execution,
  record,
}: DrillRestore): { readonly outcome?: RestoreOutcome; readonly reasons: readonly string[] } => {
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
