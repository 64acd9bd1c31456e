import type { SetReference } from '../../records/backup/run.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import type { Execution } from '../../records/execution.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { judgeStateChange } from '../sets/set-state.ts';
import type { SetStore } from '../sets/set-store.ts';
import type { BackupFacts } from './known-of-backup.ts';

/** A set as a machine or a person names it. */
type NamedSet = Pick<SetReference, 'environment' | 'id'> & { readonly policy?: string | undefined };

/**
 * Finds a set that can be verified.
 *
 * @throws RefusedError `backup.no-set`, `backup.other-policy`, `backup.not-verifiable`.
 */
export const findVerifiable = async (
  named: NamedSet,
  { sets }: { readonly sets: Pick<SetStore, 'read'> },
): Promise<BackupSet> => {
  const { environment, policy, id } = named;
  const set = await sets.read(named);
  if (!set) {
    throw new RefusedError(
      'backup.no-set',
      `There is no backup set ${id} of ${environment}; \`npm run backup-sets -- list\` names those there are.`,
    );
  }
  if (policy !== undefined && policy !== set.policy) {
    throw new RefusedError('backup.other-policy', `Backup set ${id} is of ${set.policy}, not of ${policy}.`);
  }
  const move = judgeStateChange(set.state, 'not-checked');
  if (!move.ok) throw notVerifiable(set, move.reason);
  if (set.deletion) throw notVerifiable(set, 'it is being deleted');
  return set;
};

/** A set of which there is nothing to verify. */
export const notVerifiable = ({ id }: Pick<BackupSet, 'id'>, reason: string): RefusedError =>
  new RefusedError('backup.not-verifiable', `Backup set ${id} was not verified: ${reason}.`);

/**
 * Is what is known of the parts beside the archive from before this execution, and of an earlier verification? Snapshots are
 * deleted and versions expire; of the first verification the marks are as old as the backup.
 */
export const needsLook = (
  { set, marks }: Pick<BackupFacts, 'set' | 'marks'>,
  execution: Pick<Execution, 'name'>,
): boolean => {
  const hasOthers = set.parts.some(({ kind }) => kind !== 'archive');
  if (set.verification === undefined || !hasOthers) return false;
  // By its name, and not by its time: the clocks of Lambda and Step Functions may differ.
  return marks?.execution !== execution.name;
};
