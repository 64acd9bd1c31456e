import * as z from 'zod';
import { type Executions, openExecutions } from '../clients/executions.ts';
import { type Locks, openLocks } from '../clients/locks.ts';
import type { Execution } from '../records/execution.ts';
import type { FailedExecution } from '../records/failed-execution.ts';
import { describeFailure, failedExecutionOf } from '../rules/failed-execution.ts';
import { composeFailureNotice } from '../rules/failure-notice.ts';
import { systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import { endDrill } from './drill/reading/drill-end.ts';
import { interruptDrillOf } from './drill/reading/drill-interruption.ts';
import * as contract from './handle-failure.contract.ts';
import { interruptRestore } from './restore/reading/interrupted-restore.ts';
import { endRestore } from './restore/reading/restore-end.ts';
import { composeLeftNotice } from './restore/telling/interruption-notice.ts';
import { type BackupEndDeps, endBackup, wireBackupEnd } from './run/backup-end.ts';
import { readRunNote } from './run/run-note.ts';
import { FAILURE_WORDS } from './telling/failure-words.ts';

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

interface Deps extends BackupEndDeps {
  readonly locks: Locks;
  readonly executions: Pick<Executions, 'start'>;
}

/**
 * What stands behind the machines of this capability: an execution that failed, timed out or was stopped is told once. A
 * backup is ended: its set has failed, its environment is free, and a Job that goes on is named. A verification that died
 * is told by whoever waits for it. A restore is carried on by another execution, which undoes it or asks a person; a
 * drill by one that destroys what it has left.
 */
export const run = async ({ detail }: Input, deps: Deps): Promise<Output> => {
  const execution = failedExecutionOf(detail);
  if (DRILL_MACHINE.test(detail.stateMachineArn)) return leaveDrill(detail, execution, deps);
  if (RESTORE_MACHINE.test(detail.stateMachineArn)) return leaveRestore(detail, execution, deps);
  if (VERIFICATION_MACHINE.test(detail.stateMachineArn)) return { outcome: 'silent', id: execution.name };
  const note = await readRunNote(deps.ledger, execution);
  const request = BACKUP_MACHINE.test(detail.stateMachineArn)
    ? (note?.set ?? readRequest(detail))
    : undefined;
  if (!request) return report(detail, execution, deps);
  await endBackup(
    {
      execution,
      environment: request.environment,
      policy: request.policy ?? 'none',
      outcome: 'failed',
      reasons: [describeFailure(detail)],
      concerns: [],
      ends: {},
    },
    deps,
  );
  return { outcome: 'released', id: execution.name };
};

/** `drydock-<site>-backup`, and none of those that read or clear away. */
const BACKUP_MACHINE = /-backup$/;
const VERIFICATION_MACHINE = /-backup-verification$/;
const RESTORE_MACHINE = /-restore$/;
const DRILL_MACHINE = /-restore-drill$/;

const report = async (detail: FailedExecution, execution: Execution, deps: Deps): Promise<Output> => {
  const notice = composeFailureNotice(detail, execution, deps.clock.now(), FAILURE_WORDS);
  await deps.outbox.tell(notice);
  return { outcome: 'reported', id: notice.id };
};

const leaveRestore = async (detail: FailedExecution, execution: Execution, deps: Deps): Promise<Output> => {
  const interruption = await interruptRestore(detail, execution, deps);
  if (!interruption) {
    return isOfDrill(detail) ? { outcome: 'silent', id: execution.name } : report(detail, execution, deps);
  }
  const { restore, run: left, carriedBy } = interruption;
  // Its last step died: what it had to say is said here.
  if (left.state === 'ended') {
    await endRestore(left, restore, deps);
    return { outcome: 'released', id: restore.id };
  }
  if (carriedBy !== undefined) return { outcome: 'carried-on', id: carriedBy };
  const notice = composeLeftNotice(interruption, detail, execution, deps.clock.now());
  await deps.outbox.tell(notice);
  return { outcome: 'reported', id: notice.id };
};

const leaveDrill = async (detail: FailedExecution, execution: Execution, deps: Deps): Promise<Output> => {
  const interruption = await interruptDrillOf(detail, execution, deps);
  if (interruption.state === 'none') return report(detail, execution, deps);
  if (interruption.state === 'carried-on') return { outcome: 'carried-on', id: interruption.by };
  // Its last step died, or nobody destroys what is left: what there is to say is said here.
  await endDrill(interruption.run, deps);
  return { outcome: 'released', id: execution.name };
};

const Drilled = z.object({ drill: z.string().min(1) });

/** A drill tells what became of its restore, also of one that began nothing. */
const isOfDrill = ({ input }: FailedExecution): boolean => {
  try {
    return Drilled.safeParse(JSON.parse(input ?? '')).success;
  } catch {
    return false;
  }
};

const Request = z.object({ environment: z.string().min(1), policy: z.string().min(1).optional() });

/** What it was asked for; an input that is none locked nothing. */
const readRequest = ({ input }: FailedExecution): z.output<typeof Request> | undefined => {
  try {
    return Request.safeParse(JSON.parse(input ?? '')).data;
  } catch {
    return undefined;
  }
};

export const handler = makeLambda({
  contract,
  deps: (env): Deps => {
    const wired = wireBackupEnd(env);
    return { ...wired, locks: openLocks(wired.ledger, systemClock), executions: openExecutions() };
  },
  run,
});
