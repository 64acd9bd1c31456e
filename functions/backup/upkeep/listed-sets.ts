import type { Ledger } from '../../clients/ledger.ts';
import {
  type BackupSetEntry,
  type BackupSetIndex,
  backupPolicyPrefix,
  backupSetIndexKey,
  backupSetIndexKind,
} from '../../records/backup/set-index.ts';
import type { RetentionPolicy } from '../retention/set-wish.ts';
import type { NamedPolicy } from './kept-environments.ts';

/** The indexes of an environment, those of policies included that drydock.yaml does not name any more. */

type Reader = Pick<Ledger, 'read' | 'list'>;

/** Names of all policies that the ledger knows. */
export const listKnownPolicies = async (environment: string, ledger: Reader): Promise<string[]> => {
  const prefix = backupPolicyPrefix(environment);
  const names = new Set<string>();
  for await (const key of ledger.list(prefix)) {
    const [name = ''] = key.slice(prefix.length).split('/');
    if (key === backupSetIndexKey(environment, name)) names.add(name);
  }
  return [...names];
};

/** The indexes of these policies by their names; none for a policy that nobody has noted yet. */
export const readIndexes = async (
  environment: string,
  policies: Iterable<string>,
  ledger: Pick<Ledger, 'read'>,
): Promise<Map<string, BackupSetIndex>> => {
  const read = await Promise.all(
    [...new Set(policies)].map(async (name) => {
      const stored = await ledger.read(backupSetIndexKind, backupSetIndexKey(environment, name));
      return stored ? [[name, stored.value] as const] : [];
    }),
  );
  return new Map(read.flat());
};

export const entriesOf = (indexes: ReadonlyMap<string, BackupSetIndex>): BackupSetEntry[] =>
  [...indexes.values()].flatMap(({ sets }) => sets);

/** The policies that retention goes by: those of drydock.yaml, each since it is known. */
export const retentionOf = (
  policies: readonly NamedPolicy[],
  indexes: ReadonlyMap<string, BackupSetIndex>,
): Map<string, RetentionPolicy> =>
  new Map(
    policies.map(({ name, retention, timeZone }) => [
      name,
      { retention, timeZone, since: indexes.get(name)?.since },
    ]),
  );
