import { isDeepStrictEqual } from 'node:util';
import { type Ledger, updateRecord } from '../../clients/ledger.ts';
import type { SetReference } from '../../records/backup/run.ts';
import { type BackupSet, backupSetKey, backupSetKind } from '../../records/backup/set.ts';
import {
  type BackupSetEntry,
  backupSetIndexKey,
  backupSetIndexKind,
} from '../../records/backup/set-index.ts';
import type { Clock } from '../../runtime/clock.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { writeGateRecord } from './gate-record.ts';
import { summariseSet } from './set-entry.ts';
import { listSet, openSetIndex } from './set-list.ts';

/**
 * Backup sets in the ledger. The manifest is the truth and is written first; the index of its policy and the record that
 * gates go by follow, and a repeat of the same change brings them up to date where a Lambda died in between.
 */
export interface SetStore {
  /** Undefined when there is no such set. */
  read(set: Pick<SetReference, 'environment' | 'id'>): Promise<BackupSet | undefined>;
  /** Writes a new set, and gives the one that lies there: another's where somebody was faster. */
  open(set: BackupSet): Promise<BackupSet>;
  /**
   * Changes a set, and gives it as it then lies there.
   *
   * @param decide returns what shall lie there, or undefined to leave it; it may run several times.
   * @throws RefusedError `backup.no-set` when there is none.
   */
  change(
    set: Pick<SetReference, 'environment' | 'id'>,
    decide: (current: BackupSet) => BackupSet | undefined,
  ): Promise<BackupSet>;
  /** The sets of one policy as its index has them; none where nobody has noted the policy yet. */
  list(environment: string, policy: string): Promise<readonly BackupSetEntry[]>;
  /** Those of all policies that the configuration names. */
  listAll(environment: string): Promise<readonly BackupSetEntry[]>;
}

interface SetStoreParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Names of the policies of an environment. */
  readonly policiesOf: (environment: string) => readonly string[];
}

/** Opens the sets of a ledger. */
export const openSetStore = (parts: SetStoreParts): SetStore => {
  const { ledger, clock, policiesOf } = parts;

  const read: SetStore['read'] = async ({ environment, id }) =>
    (await ledger.read(backupSetKind, backupSetKey(environment, id)))?.value;

  const list: SetStore['list'] = async (environment, policy) =>
    (await ledger.read(backupSetIndexKind, backupSetIndexKey(environment, policy)))?.value.sets ?? [];

  const listAll: SetStore['listAll'] = async (environment) =>
    (await Promise.all(policiesOf(environment).map((policy) => list(environment, policy)))).flat();

  /** Until index and manifest agree: two who change one set may write its entry in the other order. */
  const publish = async (set: BackupSet): Promise<BackupSet> => {
    const { environment, policy } = set;
    const entry = summariseSet(set);
    await updateRecord(
      ledger,
      backupSetIndexKind,
      backupSetIndexKey(environment, policy),
      (current) => {
        const index = current ?? openSetIndex(environment, policy, clock.now());
        const next = listSet(index, entry);
        return current && isDeepStrictEqual(next, current) ? undefined : next;
      },
      clock,
    );
    const now = await readWritten(set);
    if (!isDeepStrictEqual(summariseSet(now), entry)) return publish(now);
    await writeGateRecord(environment, () => listAll(environment), { ledger, clock });
    return now;
  };

  const readWritten = async (set: Pick<SetReference, 'environment' | 'id'>): Promise<BackupSet> => {
    const there = await read(set);
    if (there) return there;
    throw new RefusedError('backup.no-set', `There is no backup set ${set.id} of ${set.environment}.`);
  };

  return {
    read,
    list,
    listAll,

    async open(set) {
      await ledger.claim(backupSetKind, backupSetKey(set.environment, set.id), set);
      return publish(await readWritten(set));
    },

    async change(set, decide) {
      const key = backupSetKey(set.environment, set.id);
      await updateRecord(ledger, backupSetKind, key, (current) => current && decide(current), clock);
      return publish(await readWritten(set));
    },
  };
};
