import * as z from 'zod';
import { VerificationVerdict } from '../../records/backup/verification.ts';
import type { Execution } from '../../records/execution.ts';
import { VerifyCheckpoint } from './checkpoint.ts';

/**
 * How far the reading of a set came: the fact `verification` of its run. One at a time for a set, whoever asked for it;
 * two who read at once hand it on to each other.
 */

const Reading = z.object({
  state: z.literal('reading'),
  version: z.literal(1),
  startedAt: z.iso.datetime(),
  savedAt: z.iso.datetime(),
  checkpoint: VerifyCheckpoint,
});

const Ended = z.object({
  state: z.literal('ended'),
  version: z.literal(1),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  verdict: VerificationVerdict,
  /** The worst of it in a sentence. */
  message: z.string(),
  /** Reasons, notes left out. */
  found: z.int().nonnegative(),
  /** Ledger key of the whole. */
  record: z.string(),
});
export type EndedVerification = z.output<typeof Ended>;

export const VerificationRun = z.discriminatedUnion('state', [Reading, Ended]);
export type VerificationRun = z.output<typeof VerificationRun>;

export const verificationRunKind = { name: 'progress of a verification', schema: VerificationRun };

/** Hours after which nobody goes on with what somebody began: the archive may be another one by now. */
const STALE_HOURS = 6;
const HOUR_MS = 3_600_000;

type NextReading =
  | { readonly kind: 'begin' }
  | { readonly kind: 'go-on'; readonly from: VerifyCheckpoint }
  | { readonly kind: 'answered'; readonly by: EndedVerification };

/**
 * What an execution does with what lies there: a verification that ended after the execution began is its answer, whoever
 * made it, and so is its own that a killed Lambda could not tell any more.
 */
export const chooseReading = (
  there: VerificationRun | undefined,
  execution: Pick<Execution, 'startedAt'>,
  now: Date,
): NextReading => {
  if (there === undefined) return { kind: 'begin' };
  if (there.state === 'ended') {
    const isAnswer = Date.parse(there.finishedAt) >= Date.parse(execution.startedAt);
    return isAnswer ? { kind: 'answered', by: there } : { kind: 'begin' };
  }
  const isStale = now.getTime() - Date.parse(there.savedAt) > STALE_HOURS * HOUR_MS;
  return isStale ? { kind: 'begin' } : { kind: 'go-on', from: there.checkpoint };
};
