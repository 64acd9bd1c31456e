import { DefectError, type DrydockError, isDrydockError, RefusedError } from '../../runtime/errors.ts';
import { withoutDot } from '../job/sentence-part.ts';
import type { Known } from './facts.ts';

/** Facts of a preflight, each of which may stay unknown without the others. */

/** Longest text that a fact repeats of an error: what matters stands at its beginning. */
const MAX_WHY = 300;

export const known = <T>(value: T): Known<T> => ({ known: true, value });
export const unknown = (why: string): { readonly known: false; readonly why: string } => ({
  known: false,
  why: shorten(withoutDot(why)),
});

/**
 * What was learned, or why not. A bug of ours is none of the reasons, and neither is the end of the Lambda's own time,
 * by which everything would be unknown at once.
 */
export const learn = <T>(ask: () => Promise<T>, signal: AbortSignal): Promise<Known<T>> =>
  settle(ask, signal, (error) => error instanceof DefectError);

/**
 * The same of what decides whether a backup may begin at all: an API server that is away for a minute is worth asking
 * again, and no reason to have no backup tonight.
 *
 * @throws TransientError while it does not answer.
 */
export const learnSurely = <T>(ask: () => Promise<T>, signal: AbortSignal): Promise<Known<T>> =>
  settle(ask, signal, (error) => !(error instanceof RefusedError));

const settle = async <T>(
  ask: () => Promise<T>,
  signal: AbortSignal,
  isThrown: (error: DrydockError) => boolean,
): Promise<Known<T>> => {
  try {
    return known(await ask());
  } catch (error) {
    signal.throwIfAborted();
    if (!isDrydockError(error) || (isThrown(error) && error.code !== UNREADABLE)) throw error;
    return unknown(error.message);
  }
};

/** A record of a release that is newer, or damaged: no bug of this run, and the same the next time. */
const UNREADABLE = 'ledger.unreadable';

const shorten = (text: string): string =>
  text.length <= MAX_WHY ? text : `${text.slice(0, MAX_WHY - 1).toWellFormed()}…`;
