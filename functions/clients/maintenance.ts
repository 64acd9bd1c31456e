import { type Maintenance, maintenanceKey, maintenanceKind } from '../records/maintenance.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Ledger, updateRecord } from './ledger.ts';

/** Marks clusters as under maintenance, so that whoever raises alarms can say that they are expected. */
export interface MaintenanceBook {
  /**
   * Marks a cluster, or moves the end of its mark on. Another's mark that has not ended stays: it covers us as well.
   *
   * @param minutes from now until it ends by itself; short, so that a run that died mutes nothing for long.
   */
  hold(cluster: string, mark: { owner: string; why: string; minutes: number }): Promise<void>;
  /** Takes the mark of `owner` away; nobody else's. */
  end(cluster: string, owner: string): Promise<void>;
}

/** Opens the marks of one ledger. */
export const openMaintenance = (ledger: Ledger, clock: Clock): MaintenanceBook => ({
  async hold(cluster, { owner, why, minutes }) {
    await updateRecord(
      ledger,
      maintenanceKind,
      maintenanceKey(cluster),
      (current: Maintenance | undefined): Maintenance | undefined => {
        const now = clock.now();
        const isOthers = current !== undefined && current.owner !== owner && new Date(current.until) > now;
        if (isOthers) return undefined;
        const since = current?.owner === owner ? current.since : now.toISOString();
        const until = new Date(now.getTime() + minutes * 60_000).toISOString();
        return { version: 1, cluster, why, owner, since, until };
      },
      clock,
    );
  },

  async end(cluster, owner) {
    const stored = await ledger.read(maintenanceKind, maintenanceKey(cluster));
    if (stored?.value.owner === owner) await ledger.remove(maintenanceKey(cluster));
  },
});
