import type * as z from 'zod';
import { openLocks } from '../clients/locks.ts';
import { restoreLock } from '../records/backup/restore.ts';
import { systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './finish-restore.contract.ts';
import { endRestore, type RestoreEndDeps } from './restore/reading/restore-end.ts';
import { readRestorePlan, readRun } from './restore/reading/run-record.ts';
import { composeNoRestoreNotice } from './restore/telling/restore-notice.ts';
import { shortenReasons } from './restore/telling/shorten.ts';
import { wireTelling } from './telling/wiring.ts';

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * The last step of a restore: its history, its place, and the one message about how it ended. That of a drill tells
 * nobody: the drill does, with what came of it.
 */
export const run = async (
  { execution, restore, outcome, reasons }: Input,
  deps: RestoreEndDeps,
): Promise<Output> => {
  if (!restore) {
    const plan = await readRestorePlan(deps.ledger, execution);
    const notice = composeNoRestoreNotice(plan, outcome, reasons, deps.clock.now());
    if (plan.request.drill === undefined) await deps.outbox.tell(notice);
    return { outcome, message: notice.happened, reasons: shortenReasons(notice.reasons) };
  }
  const { value: ended } = await readRun(deps.ledger, restore);
  const end = await endRestore(ended, restore, deps);
  if (end) return { ...end, restore, reasons: shortenReasons(end.reasons) };
  await deps.locks.release(restoreLock(restore.place), execution.arn);
  const message = `${ended.execution.name} carries the restore ${restore.id} now.`;
  return { outcome: 'lost', restore, message, reasons: [] };
};

export const handler = makeLambda({
  contract,
  deps: (env): RestoreEndDeps => {
    const { ledger, outbox } = wireTelling(env);
    return { ledger, outbox, locks: openLocks(ledger, systemClock), clock: systemClock };
  },
  run,
});
