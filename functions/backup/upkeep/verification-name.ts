import { createHash } from 'node:crypto';
import type { SetReference } from '../../records/backup/run.ts';

/** Step Functions takes 80 characters (API reference, StartExecution, `name`). */
const MAX_NAME_LENGTH = 80;
/** 80 bits: two of a billion causes meet with a chance of one in two million. */
const HASH_LENGTH = 20;

/**
 * Names the `backup-verification` of one set in one night's upkeep, so that planning again starts nothing twice.
 *
 * @returns `<environment>-<seconds of the set>-<hash>`, at most 80 characters of 0-9 A-Z a-z - _.
 */
export const nameVerification = (upkeep: string, { environment, policy, id }: SetReference): string => {
  const hash = createHash('sha256').update([upkeep, environment, policy, id].join('\n')).digest('hex');
  const plain = `${environment}-${id.slice(0, 10)}`.replaceAll(/[^0-9A-Za-z_-]/g, '-');
  return `${plain.slice(0, MAX_NAME_LENGTH - HASH_LENGTH - 1)}-${hash.slice(0, HASH_LENGTH)}`;
};
