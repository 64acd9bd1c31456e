import type { Ledger } from '../../clients/ledger.ts';
import { BACKUP_ENVIRONMENT_PREFIX } from '../../records/backup/set-index.ts';
import { entriesOf, listKnownPolicies, readIndexes } from './listed-sets.ts';

/** An environment that drydock.yaml backs up no more, and that has sets still. */
export interface ForsakenEnvironment {
  readonly environment: string;
  readonly sets: number;
}

/**
 * Environments of the ledger that are in no configuration any more: no upkeep comes by them. It reads their indexes, which
 * are few.
 *
 * @param kept names of those that the configuration has.
 */
export const findForsaken = async (
  kept: readonly string[],
  ledger: Pick<Ledger, 'read' | 'list'>,
): Promise<ForsakenEnvironment[]> => {
  const names = new Set<string>();
  for await (const key of ledger.list(BACKUP_ENVIRONMENT_PREFIX)) {
    const [name = ''] = key.slice(BACKUP_ENVIRONMENT_PREFIX.length).split('/');
    if (!kept.includes(name)) names.add(name);
  }
  const forsaken: ForsakenEnvironment[] = [];
  for (const environment of names) {
    const policies = await listKnownPolicies(environment, ledger);
    const sets = entriesOf(await readIndexes(environment, policies, ledger)).length;
    if (sets > 0) forsaken.push({ environment, sets });
  }
  return forsaken;
};
