import type * as z from 'zod';
import { RefusedError } from '../runtime/errors.ts';
import { makeLambda } from '../runtime/lambda.ts';
import type { BackupSubject } from './backup-subject.ts';
import * as contract from './finish-backup.contract.ts';
import { type BackupEndDeps, endBackup, wireBackupEnd } from './run/backup-end.ts';
import { readBackup } from './wiring.ts';

interface Deps extends BackupEndDeps {
  readonly find: (environment: string, policy?: string) => BackupSubject;
}

/** The last step of a backup: its set, its lock, and the one message about how it ended. */
export const run = async (
  { execution, request, outcome, reasons, concerns, ends }: z.output<typeof contract.Input>,
  { find, ...deps }: Deps,
): Promise<z.output<typeof contract.Output>> => {
  const { environment } = request;
  const policy = request.policy ?? nameOnlyPolicy(environment, find);
  const ended = await endBackup({ execution, environment, policy, outcome, reasons, concerns, ends }, deps);
  return contract.Output.parse(ended);
};

/** The file may have lost it, or have got a second one, since the run began. */
const nameOnlyPolicy = (environment: string, find: Deps['find']): string => {
  try {
    return find(environment).policy;
  } catch (error) {
    if (error instanceof RefusedError) return 'none';
    throw error;
  }
};

export const handler = makeLambda({
  contract,
  deps: (env): Deps => ({ ...wireBackupEnd(env), find: readBackup }),
  run,
});
