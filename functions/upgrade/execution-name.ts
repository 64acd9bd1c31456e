import { createHash } from 'node:crypto';

/** Step Functions takes 80 characters (API reference, StartExecution, `name`). */
const MAX_NAME_LENGTH = 80;
/** 80 bits: two of a billion causes meet with a chance of one in two million. */
const HASH_LENGTH = 20;

/**
 * Names the `cluster-check` of one cluster in one `upgrade-check`, so that planning again starts nothing twice.
 *
 * @returns `<cluster>-<hash>`, at most 80 characters of 0-9 A-Z a-z - _.
 */
export const nameClusterCheck = (parent: string, cluster: string): string => {
  const hash = createHash('sha256').update(`${parent}\n${cluster}`).digest('hex').slice(0, HASH_LENGTH);
  const plain = cluster.replaceAll(/[^0-9A-Za-z_-]/g, '-').slice(0, MAX_NAME_LENGTH - HASH_LENGTH - 1);
  return `${plain}-${hash}`;
};
