import { type Pause, pauseKey, pauseKind } from '../records/pause.ts';
import { judgePauses, type PauseVerdict, scopesOf } from '../rules/pausing.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Ledger } from './ledger.ts';

/** The stop button as the writers see it: asked anew before every outside write, never cached. */
export interface Pauses {
  judge(write: { capability: string; environment: string; target: string }): Promise<PauseVerdict>;
}

/** Reads the pauses that cover a write, all at once: four small reads, one round trip of latency. */
export const openPauses = (ledger: Ledger, clock: Clock): Pauses => ({
  async judge(write) {
    const stored = await Promise.all(scopesOf(write).map((scope) => ledger.read(pauseKind, pauseKey(scope))));
    const pauses: Pause[] = stored.flatMap((one) => (one ? [one.value] : []));
    return judgePauses(pauses, clock.now());
  },
});
