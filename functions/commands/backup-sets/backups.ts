import { openSetStore, type SetStore } from '../../backup/sets/set-store.ts';
import { compareNewestFirst } from '../../backup/sets/verified-sets.ts';
import { type KeptEnvironment, listKept } from '../../backup/upkeep/kept-environments.ts';
import { entriesOf, listKnownPolicies, readIndexes } from '../../backup/upkeep/listed-sets.ts';
import type { Ledger } from '../../clients/ledger.ts';
import { type FreshnessRecord, freshnessKey, freshnessKind } from '../../records/backup/freshness.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import { BackupSetId } from '../../records/backup/set-id.ts';
import type { BackupSetEntry, BackupSetIndex } from '../../records/backup/set-index.ts';
import type { Configuration } from '../../records/configuration.ts';
import type { Clock } from '../../runtime/clock.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { findPlace, type Place, type ReadStackOutputs } from '../why/places.ts';

/** The backups of one environment, as its site's ledger has them. */
export interface Backups {
  readonly kept: KeptEnvironment;
  readonly ledger: Ledger;
  readonly sets: SetStore;
  readonly indexes: ReadonlyMap<string, BackupSetIndex>;
  /** Newest first, of all policies, those included that drydock.yaml does not name any more; without deleted ones. */
  readonly entries: readonly BackupSetEntry[];
  /** As it was last looked at. */
  readonly freshness: FreshnessRecord | undefined;
}

export interface BackupSources {
  readonly openLedger: (place: Place) => Ledger;
  readonly readOutputs: ReadStackOutputs;
  readonly clock: Clock;
}

/**
 * Opens the ledgers of the environments that are backed up.
 *
 * @throws RefusedError `backup.unknown` when drydock.yaml has no such backup; what `findPlace` throws.
 */
export const openBackups = async (
  configuration: Configuration,
  chosen: { readonly environment?: string; readonly bucket: string | undefined },
  sources: BackupSources,
): Promise<Backups[]> => {
  const all = listKept(configuration);
  const wanted = all.filter(({ environment }) => [environment, undefined].includes(chosen.environment));
  if (wanted.length === 0) {
    const known = all.map(({ environment }) => environment).join(', ') || 'none';
    const asked =
      chosen.environment === undefined ? 'no backup at all' : `no backup of ${chosen.environment}`;
    throw new RefusedError('backup.unknown', `drydock.yaml has ${asked}; it has: ${known}.`);
  }
  const places = new Map<string, Promise<Place>>();
  const placeOf = (site: string): Promise<Place> => {
    const place =
      places.get(site) ??
      (chosen.bucket === undefined
        ? findPlace(site, configuration, sources.readOutputs)
        : Promise.resolve({ bucket: chosen.bucket }));
    places.set(site, place);
    return place;
  };
  return Promise.all(
    wanted.map(async (kept) => {
      const site = configuration.environments[kept.environment]?.site ?? '';
      return readBackups(kept, sources.openLedger(await placeOf(site)), sources.clock);
    }),
  );
};

const readBackups = async (kept: KeptEnvironment, ledger: Ledger, clock: Clock): Promise<Backups> => {
  const { environment, policies } = kept;
  const names = policies.map(({ name }) => name);
  const indexes = await readIndexes(
    environment,
    [...names, ...(await listKnownPolicies(environment, ledger))],
    ledger,
  );
  const freshness = (await ledger.read(freshnessKind, freshnessKey(environment)))?.value;
  return {
    kept,
    ledger,
    indexes,
    sets: openSetStore({ ledger, clock, policiesOf: () => names }),
    entries: entriesOf(indexes).toSorted(compareNewestFirst),
    freshness,
  };
};

/**
 * Finds a set by its id, or by a beginning of it that no other has.
 *
 * @returns the set where it lies, or a sentence that says why there is none.
 */
export const findSet = async (
  id: string,
  all: readonly Backups[],
): Promise<{ readonly backups: Backups; readonly set: BackupSet } | string> => {
  const found = all.flatMap((backups) =>
    backups.entries.filter((entry) => entry.id.startsWith(id)).map((entry) => ({ backups, id: entry.id })),
  );
  const exact = found.filter((one) => one.id === id);
  const candidates = exact.length > 0 ? exact : found;
  // Deleted sets stand in no index, and are asked for by their whole id.
  const asked =
    candidates.length > 0 || !BackupSetId.safeParse(id).success
      ? candidates
      : all.map((backups) => ({ backups, id }));
  const read = await Promise.all(
    asked.map(async (one) => {
      const set = await one.backups.sets.read({ environment: one.backups.kept.environment, id: one.id });
      return set ? [{ backups: one.backups, set }] : [];
    }),
  );
  const [only, ...others] = read.flat();
  if (!only) return `There is no set ${id}; see list.`;
  if (others.length === 0) return only;
  const names = read.flat().map(({ set }) => `${set.id} of ${set.environment}`);
  return `${id} may be ${names.slice(0, 5).join(', or ')}; write more of it, or --environment.`;
};
