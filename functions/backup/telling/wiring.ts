import type { Ledger } from '../../clients/ledger.ts';
import { connectLedger } from '../../clients/ledger-s3.ts';
import { connectNotifier } from '../../clients/notifier.ts';
import { type Outbox, openOutbox } from '../../clients/outbox.ts';
import { systemClock } from '../../runtime/clock.ts';

/** The ledger, and the outbox that tells people. */
export const wireTelling = (env: {
  readonly LEDGER_BUCKET: string;
  readonly TOPIC_ARN: string;
}): { readonly ledger: Ledger; readonly outbox: Outbox } => {
  const ledger = connectLedger(env.LEDGER_BUCKET);
  return { ledger, outbox: openOutbox(ledger, connectNotifier(env.TOPIC_ARN), systemClock) };
};
