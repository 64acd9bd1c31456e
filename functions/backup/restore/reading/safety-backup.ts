import { createHash } from 'node:crypto';
import type { ExecutionState, Executions } from '../../../clients/executions.ts';
import type { Ledger } from '../../../clients/ledger.ts';
import type { RestoreRun } from '../../../records/backup/restore.ts';
import { SAFETY_EXECUTION_PREFIX } from '../../../records/backup/restore-limits.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import { readRunNote } from '../../run/run-note.ts';
import type { SetStore } from '../../sets/set-store.ts';
import type { CurrentStep } from '../run-steps.ts';
import type { SafetyBackup } from '../turns/safety-turn.ts';
import { chooseSafetyPolicy, type RestoreEnvironment } from './restore-subject.ts';

/** The backup of what stands there, made by the machine of all backups as an execution that has the name of the run. */

export interface SafetySources {
  /** ARN of the machine `backup`. */
  readonly machine: string;
  readonly executions: Pick<Executions, 'start' | 'describe'>;
  readonly ledger: Pick<Ledger, 'read'>;
  readonly sets: Pick<SetStore, 'read'>;
  readonly clock: Clock;
}

/** Milliseconds behind its end in which the handler of failures ends the set of an execution that was stopped. */
const SETTLING_MS = 900_000;

/** Each attempt is another execution: a name is good for one. At most 80 characters. */
export const nameSafetyBackup = (
  run: Pick<RestoreRun, 'id'>,
  { attempt }: Pick<CurrentStep, 'attempt'>,
): string =>
  `${SAFETY_EXECUTION_PREFIX}${createHash('sha256').update(run.id).digest('hex').slice(0, 24)}-${attempt}`;

const arnOf = (machine: string, name: string): string =>
  `${machine.replace(':stateMachine:', ':execution:')}:${name}`;

/** Looks how it stands: by its execution, and by the set that its execution has noted. */
export const lookAtSafetyBackup = async (
  run: Pick<RestoreRun, 'id'>,
  current: Pick<CurrentStep, 'attempt'>,
  { machine, executions, ledger, sets, clock }: SafetySources,
): Promise<SafetyBackup> => {
  const name = nameSafetyBackup(run, current);
  const execution = await executions.describe(arnOf(machine, name));
  if (!execution) return { state: 'none' };
  if (execution.status === 'running') return { state: 'running' };
  const reference = (await readRunNote(ledger, { name }))?.set;
  const set = reference && (await sets.read(reference));
  if (!set) return { state: 'lost', why: describeEnd(name, execution) };
  const isOpen = set.state === 'running' || set.state === 'unverified';
  const age = clock.now().getTime() - (execution.stoppedAt?.getTime() ?? 0);
  if (isOpen && age > SETTLING_MS) {
    return { state: 'lost', why: `set ${set.id} was left ${set.state} by ${describeEnd(name, execution)}` };
  }
  return { state: 'ended', set };
};

const describeEnd = (name: string, { status, error, cause, output }: ExecutionState): string =>
  `the execution ${name} of backup ${status} (${(error ?? cause ?? output ?? 'it made no set').slice(0, 300)})`;

/**
 * Starts it; a repeat finds it started.
 *
 * @throws RefusedError `restore.no-safety-policy` when drydock.yaml has lost the policy since the plan was made.
 */
export const startSafetyBackup = async (
  run: Pick<RestoreRun, 'id' | 'plan'>,
  current: Pick<CurrentStep, 'attempt'>,
  { environment, settings }: RestoreEnvironment,
  { machine, executions }: { readonly machine: string; readonly executions: Pick<Executions, 'start'> },
): Promise<void> => {
  const policy = chooseSafetyPolicy(settings.policies, run.plan.native ? 'native' : 'tar');
  if (!policy) {
    const message = `No policy of ${environment} makes the safety backup any more.`;
    throw new RefusedError('restore.no-safety-policy', message);
  }
  const input = { environment, policy: policy.name };
  await executions.start({ machine, name: nameSafetyBackup(run, current), input });
};
