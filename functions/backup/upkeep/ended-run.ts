import type { ExecutionState } from '../../clients/executions.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import { judgeStateChange } from '../sets/set-state.ts';

/** The handler of failures may be at a run that has just ended, and clocks differ. */
const SETTLING_MS = 10 * 60_000;

/**
 * Why a set that is noted as running is not being made any more; undefined while it may be.
 *
 * @param execution what Step Functions knows of the run; undefined when it knows nothing, as after 90 days.
 */
export const judgeEndedRun = (
  { execution: { name, startedAt } }: Pick<BackupSet, 'execution'>,
  execution: ExecutionState | undefined,
  now: Date,
): string | undefined => {
  if (execution?.status === 'running') return undefined;
  const end = execution?.stoppedAt ?? new Date(startedAt);
  if (now.getTime() - end.getTime() < SETTLING_MS) return undefined;
  return execution
    ? `Its execution ${name} ended as ${execution.status} at ${end.toISOString()}, and nobody noted it.`
    : `Step Functions knows no execution ${name} any more, and nobody noted its end.`;
};

/** Notes the end of such a run; undefined when somebody else has noted another state meanwhile. */
export const failEndedRun = (set: BackupSet, message: string, now: Date): BackupSet | undefined =>
  set.state === 'running' && judgeStateChange(set.state, 'failed').ok
    ? { ...set, state: 'failed', endedAt: now.toISOString(), failure: { code: 'execution-ended', message } }
    : undefined;
