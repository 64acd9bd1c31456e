import type { KubernetesJobs } from '../../clients/kubernetes-jobs.ts';
import type { TextStore } from '../../clients/text-store.ts';
import type { SetReference } from '../../records/backup/run.ts';
import type { Pod } from '../../records/workload.ts';
import type { Clock } from '../../runtime/clock.ts';
import { RefusedError, TransientError } from '../../runtime/errors.ts';
import type { JobVerdict } from '../job/job-verdict.ts';
import type { HeldJobFact } from './held-job-fact.ts';
import { copyLog } from './job-log.ts';

/** A Job as one look saw it. */
export interface SeenJob {
  readonly set: SetReference;
  readonly verdict: JobVerdict;
  readonly pod: Pod | undefined;
}

interface Reading {
  readonly jobs: Pick<KubernetesJobs, 'streamLog'>;
  readonly texts: TextStore;
  readonly clock: Clock;
}

/** A look is for watching; so long it may read what was written. */
const READING_MS = 40_000;
/** Left for what comes behind the reading. */
const RESERVE_MS = 10_000;
/** A node that is being taken away answers no more; the backup is judged without the rest of its log then. */
const PATIENCE_MS = 600_000;

/**
 * Reads on in the log of a backup, and after the end of its Job to the end.
 *
 * @returns whether nothing more is to be waited for: it was read to its end, or its end can not be had.
 */
export const finishLog = async (
  { set, verdict, pod }: SeenJob,
  fact: HeldJobFact,
  { jobs, texts, clock }: Reading,
  { signal, remainingMs }: { readonly signal: AbortSignal; readonly remainingMs: () => number },
): Promise<boolean> => {
  const hasStopped = verdict.state === 'succeeded' || verdict.state === 'failed';
  const giveUp = async (missing: string): Promise<true> => {
    await fact.save({ ...fact.value, log: { ...fact.value.log, missing } });
    return true;
  };
  if (!pod) {
    return hasStopped
      ? giveUp('Its pod was gone, and its log with it, before it was read to its end.')
      : false;
  }
  const until = clock.now().getTime() + READING_MS;
  const isOver = (): boolean => clock.now().getTime() >= until || remainingMs() < RESERVE_MS;
  const keep = (log: HeldJobFact['value']['log']): Promise<void> => fact.save({ ...fact.value, log });
  try {
    const where = { set, namespace: fact.value.namespace, pod };
    const { log, isAll } = await copyLog(where, fact.value.log, { jobs, texts, keep, isOver }, signal);
    if (hasStopped && isAll) await keep({ ...log, complete: true });
    return isAll;
  } catch (error) {
    if (!(error instanceof TransientError || error instanceof RefusedError) || isOurs(error)) throw error;
    // While it is at work the next look reads on.
    if (!hasStopped) return false;
    const since = fact.value.silentLogSince ?? clock.now().toISOString();
    if (clock.now().getTime() - Date.parse(since) > PATIENCE_MS) {
      return giveUp(`Its log could not be read to its end: ${error.message}`);
    }
    if (fact.value.silentLogSince === undefined) await fact.save({ ...fact.value, silentLogSince: since });
    return false;
  }
};

/** Of the ledger, not of the cluster: to go on without it would lose what was read. */
const isOurs = ({ code }: TransientError | RefusedError): boolean => /^(ledger|backup)\./.test(code);
