import { describeCause } from '../../rules/error-cause.ts';
import { RefusedError } from '../../runtime/errors.ts';
import type { Obstacle } from './evidence.ts';

/** What S3 refuses, as evidence: a verification that could not look is a result, and never green. */

/** Codes of functions/clients/archive-store.ts. */
const KINDS: Readonly<Record<string, Obstacle['kind']>> = {
  'archive.gone': 'absent',
  'archive.forbidden': 'forbidden',
  'archive.archived': 'archived',
  'archive.changed': 'changed',
  'archive.refused': 'refused',
  'archive.no-bucket': 'refused',
  'archive.no-credentials': 'refused',
  'archive.no-region': 'refused',
};

/**
 * Turns a refusal into evidence.
 *
 * @throws the error itself when it is none: what may pass is tried again by whoever called.
 */
export const toObstacle = (error: unknown): Obstacle => {
  const kind = error instanceof RefusedError ? KINDS[error.code] : undefined;
  if (!(error instanceof RefusedError) || kind === undefined) throw error;
  const { message, permission } = error;
  return { kind, message, ...(permission === undefined ? {} : { permission }) };
};

/** An error that Step Functions caught after it was tried again for long: what may pass, and did not. */
export const obstacleOf = ({ Error: name, Cause: cause }: { Error: string; Cause: string }): Obstacle => {
  const said = describeCause(cause);
  return {
    kind: 'unanswered',
    message: said === '' ? `Its reading broke off again and again: ${name}.` : said,
  };
};
