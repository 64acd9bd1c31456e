import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type Locks, openLocks } from '../clients/locks.ts';
import { openPauses, type Pauses } from '../clients/pauses.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { type BackupSubject, findBackup, listPolicies } from './backup-subject.ts';
import { openSetStore, type SetStore } from './sets/set-store.ts';

export { type BackupSubject, findBackup } from './backup-subject.ts';

/** A policy of the site, as drydock.yaml has it; throws as `findBackup` does. */
export const readBackup = (environment: string, policy?: string): BackupSubject =>
  findBackup(readConfiguration(), environment, policy);

/** The sets of the site's environments. */
export const wireSets = (ledger: Ledger): SetStore =>
  openSetStore({
    ledger,
    clock: systemClock,
    policiesOf: (environment) => listPolicies(readConfiguration(), environment),
  });

/** The ledger of the site, and what is kept in it. */
interface WiredLedger {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly sets: SetStore;
  readonly clock: Clock;
}

/** What nearly every Lambda of backups and restores works with. @param bucket of the ledger. */
export const wireLedger = (bucket: string): WiredLedger => {
  const ledger = connectLedger(bucket);
  return {
    ledger,
    locks: openLocks(ledger, systemClock),
    pauses: openPauses(ledger, systemClock),
    sets: wireSets(ledger),
    clock: systemClock,
  };
};
