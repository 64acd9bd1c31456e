import type * as z from 'zod';
import { appendRecord, type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { connectNotifier } from '../clients/notifier.ts';
import { type Outbox, openOutbox } from '../clients/outbox.ts';
import { type ImageEntry, imageEntryKey, imageEntryKind } from '../records/decision.ts';
import { type Deferral, deferralKey, deferralKind } from '../records/deferral.ts';
import type { ImageEvent } from '../records/image-event.ts';
import { describeCause } from '../rules/error-cause.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './defer-image.contract.ts';
import { planAttempt } from './deferral.ts';
import { composeRefusedRegistry } from './refusal-notice.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/** Keeps an event that the registry could not confirm, with the time of the next attempt, which the sweep makes. */
export const run = async ({ event, error, execution }: Input, deps: Deps): Promise<Output> => {
  const reason = describeCause(error.Cause);
  const now = deps.clock.now();
  const entry = { version: 1 as const, at: now.toISOString(), ...about(event), execution };
  await tellRefusal({ event, error, execution }, reason, entry.at, deps);
  const givenUp = { ...entry, outcome: 'ignored' as const, reason: `given up: ${reason}` };
  // Giving up removes the record that counts the attempts: run again, this step would begin to count anew.
  const ended = await deps.ledger.read(imageEntryKind, imageEntryKey(givenUp));
  if (ended) return giveUp(ended.value, event, deps);

  let planned: Deferral | undefined;
  await updateRecord(
    deps.ledger,
    deferralKind,
    deferralKey(event),
    (earlier) => {
      planned = planAttempt(earlier, event, { execution: execution.name, reason, now });
      return planned;
    },
    deps.clock,
  );
  if (!planned) return giveUp(givenUp, event, deps);
  const deferred: ImageEntry = {
    ...entry,
    outcome: 'deferred',
    reason: `${reason}; next attempt at ${planned.nextAttemptAt}`,
  };
  await appendRecord(deps.ledger, imageEntryKind, imageEntryKey(deferred), deferred);
  return { outcome: 'deferred', reason, nextAttemptAt: planned.nextAttemptAt };
};

/** A registry that is down is nobody's business yet; one that says no needs a person. */
const tellRefusal = async (
  { event: { image, tag }, error, execution }: Input,
  reason: string,
  at: string,
  { outbox }: Deps,
): Promise<void> => {
  if (error.Error !== 'RefusedError') return;
  await outbox.tell(composeRefusedRegistry({ execution, image, tag, reason, at }));
};

const about = ({ image, tag, digest, source }: ImageEvent) => ({ image, tag, digest, source });

/** The entry goes first: whoever finds it knows that the missing record was not the first attempt's. */
const giveUp = async (entry: ImageEntry, event: ImageEvent, { ledger }: Deps): Promise<Output> => {
  await appendRecord(ledger, imageEntryKind, imageEntryKey(entry), entry);
  await ledger.remove(deferralKey(event));
  return { outcome: 'ignored', reason: entry.reason };
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET, TOPIC_ARN }) => {
    const ledger = connectLedger(LEDGER_BUCKET);
    const outbox = openOutbox(ledger, connectNotifier(TOPIC_ARN), systemClock);
    return { ledger, outbox, clock: systemClock };
  },
  run,
});
