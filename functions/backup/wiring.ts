import type { Ledger } from '../clients/ledger.ts';
import { systemClock } from '../runtime/clock.ts';
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
