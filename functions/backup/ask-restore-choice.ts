import type * as z from 'zod';
import type { Ledger } from '../clients/ledger.ts';
import type { Outbox } from '../clients/outbox.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { RefusedError } from '../runtime/errors.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './ask-restore-choice.contract.ts';
import { readRun } from './restore/reading/run-record.ts';
import { composeHoldNotice } from './restore/telling/restore-notice.ts';
import { wireTelling } from './telling/wiring.ts';

interface Deps {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
}

/** Lines that a message takes (rules/message-text.ts). */
const MAX_REASONS = 20;

/**
 * Sends the page of a restore that is held, with the command that chooses. The machine waits for that, and not for this
 * Lambda; web and Sidekiq stay at 0 meanwhile.
 *
 * @throws RefusedError `restore.not-held` when there is nothing to choose any more: the machine looks again.
 */
export const run = async (
  { execution, restore, taskToken, refused }: z.output<typeof contract.Input>,
  { ledger, outbox, clock }: Deps,
): Promise<z.input<typeof contract.Output>> => {
  const { value: held } = await readRun(ledger, restore);
  if (held.state !== 'held' || held.execution.arn !== execution.arn) {
    throw new RefusedError('restore.not-held', `The restore ${restore.id} waits for no choice here.`);
  }
  const notice = composeHoldNotice(held, { token: taskToken, now: clock.now() });
  const before = refused.map((reason) => `The last answer was refused: ${reason}`);
  await outbox.tell({ ...notice, reasons: [...before, ...notice.reasons].slice(0, MAX_REASONS) });
  return { outcome: 'asked' };
};

export const handler = makeLambda({
  contract,
  deps: (env) => ({ clock: systemClock, ...wireTelling(env) }),
  run,
});
