import { createHash } from 'node:crypto';

/**
 * Names the `rollout` execution of one target: readable, at most 74 characters (a target's name has 40), and the
 * same each time the same cause asks for it, so that a repeated step starts nothing twice.
 *
 * @param cause name of the execution that asked, which is unique for 90 days.
 */
export const nameRollout = (target: string, digest: string, cause: string): string => {
  const hash = createHash('sha256').update(`${target}\n${digest}\n${cause}`).digest('hex');
  return `${target}-${digest.replace(/^sha\d+:/, '').slice(0, 12)}-${hash.slice(0, 20)}`;
};
