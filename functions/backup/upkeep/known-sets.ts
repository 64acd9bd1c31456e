import pMap from 'p-map';
import type { Ledger } from '../../clients/ledger.ts';
import { type BackupSet, backupSetKind, backupSetPrefix } from '../../records/backup/set.ts';
import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import { DefectError } from '../../runtime/errors.ts';
import { summariseSet } from '../sets/set-entry.ts';

/**
 * All sets of an environment by their manifests, which are the truth: read once a night, and never in a hot path. An
 * hourly policy leaves 8,760 of them a year, deleted ones included; after five years that is 2 cents and half a minute.
 */
interface KnownSets {
  readonly sets: readonly KnownSet[];
  /** Why a manifest could not be understood, a sentence each. */
  readonly unread: readonly string[];
}

/** What of a manifest is looked at; the whole of thousands would not fit into memory. */
export interface KnownSet extends Pick<BackupSet, 'execution' | 'endedAt' | 'deletion'> {
  readonly entry: BackupSetEntry;
}

/** Manifests read at the same time. */
const CONCURRENCY = 32;

export const readKnownSets = async (
  environment: string,
  ledger: Pick<Ledger, 'read' | 'list'>,
): Promise<KnownSets> => {
  const keys: string[] = [];
  for await (const key of ledger.list(backupSetPrefix(environment))) {
    if (key.endsWith('/manifest.json')) keys.push(key);
  }
  const read = await pMap(keys, (key) => readOne(key, ledger), { concurrency: CONCURRENCY });
  return {
    sets: read.flatMap((one) => (one && 'entry' in one ? [one] : [])),
    unread: read.flatMap((one) => (one && 'unread' in one ? [one.unread] : [])),
  };
};

const readOne = async (
  key: string,
  ledger: Pick<Ledger, 'read'>,
): Promise<KnownSet | { readonly unread: string } | undefined> => {
  try {
    const set = (await ledger.read(backupSetKind, key))?.value;
    return set && knowSet(set);
  } catch (error) {
    if (!(error instanceof DefectError)) throw error;
    return { unread: error.message };
  }
};

export const knowSet = (set: BackupSet): KnownSet => {
  const { execution, endedAt, deletion } = set;
  return { entry: summariseSet(set), execution, endedAt, deletion };
};
