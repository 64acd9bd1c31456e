import * as z from 'zod';
import type { FailedExecution } from '../records/failed-execution.ts';
import { describeFailure, failedExecutionOf } from '../rules/failed-execution.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './handle-failure.contract.ts';
import { type BackupEndDeps, endBackup, wireBackupEnd } from './run/backup-end.ts';
import { readRunNote } from './run/run-note.ts';
import { composeFailureNotice } from './telling/failure-notice.ts';

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * What stands behind the machines of this capability: an execution that failed, timed out or was stopped is told once. A
 * backup is ended: its set has failed, its environment is free, and a Job that goes on is named. A verification that died
 * is told by whoever waits for it.
 */
export const run = async ({ detail }: Input, deps: BackupEndDeps): Promise<Output> => {
  const execution = failedExecutionOf(detail);
  if (VERIFICATION_MACHINE.test(detail.stateMachineArn)) return { outcome: 'silent', id: execution.name };
  const note = await readRunNote(deps.ledger, execution);
  const request = BACKUP_MACHINE.test(detail.stateMachineArn)
    ? (note?.set ?? readRequest(detail))
    : undefined;
  if (!request) {
    const notice = composeFailureNotice(detail, execution, deps.clock.now());
    await deps.outbox.tell(notice);
    return { outcome: 'reported', id: notice.id };
  }
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

const Request = z.object({ environment: z.string().min(1), policy: z.string().min(1).optional() });

/** What it was asked for; an input that is none locked nothing. */
const readRequest = ({ input }: FailedExecution): z.output<typeof Request> | undefined => {
  try {
    return Request.safeParse(JSON.parse(input ?? '')).data;
  } catch {
    return undefined;
  }
};

export const handler = makeLambda({ contract, deps: wireBackupEnd, run });
