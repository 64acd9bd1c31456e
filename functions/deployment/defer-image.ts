import type * as z from 'zod';
import { appendRecord, type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type ImageEntry, imageEntryKey, imageEntryKind } from '../records/decision.ts';
import { type Deferral, deferralKey, deferralKind } from '../records/deferral.ts';
import { describeCause } from '../rules/error-cause.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './defer-image.contract.ts';
import { planAttempt } from './deferral.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/** Keeps an event that the registry could not confirm, with the time of the next attempt, which the sweep makes. */
export const run = async ({ event, error, execution }: Input, deps: Deps): Promise<Output> => {
  const reason = describeCause(error.Cause);
  const now = deps.clock.now();
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
  const entry: ImageEntry = {
    version: 1,
    at: now.toISOString(),
    image: event.image,
    tag: event.tag,
    digest: event.digest,
    source: event.source,
    outcome: planned ? 'deferred' : 'ignored',
    reason: planned ? `${reason}; next attempt at ${planned.nextAttemptAt}` : `given up: ${reason}`,
    execution,
  };
  await appendRecord(deps.ledger, imageEntryKind, imageEntryKey(entry), entry);
  if (!planned) {
    await deps.ledger.remove(deferralKey(event));
    return { outcome: 'ignored', reason: entry.reason };
  }
  return { outcome: 'deferred', reason, nextAttemptAt: planned.nextAttemptAt };
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => ({ ledger: connectLedger(LEDGER_BUCKET), clock: systemClock }),
  run,
});
