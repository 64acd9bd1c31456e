import type { Ledger } from '../../functions/clients/ledger.ts';
import { type Pause, pauseKey, pauseKind } from '../../functions/records/pause.ts';
import type { Clock } from '../../functions/runtime/clock.ts';

/** Ada pauses everything of backups, as from a terminal. */
export const pauseBackups = async (
  { ledger, clock }: { readonly ledger: Pick<Ledger, 'claim'>; readonly clock: Pick<Clock, 'now'> },
  changes: Partial<Pause> = {},
): Promise<void> => {
  const pause: Pause = {
    version: 1,
    scope: 'capability/backup',
    paused: true,
    by: 'Ada',
    why: 'storage is moved',
    since: clock.now().toISOString(),
    ...changes,
  };
  await ledger.claim(pauseKind, pauseKey(pause.scope), pause);
};
