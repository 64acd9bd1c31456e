import type * as z from 'zod';
import { connectKubernetesJobs, type KubernetesJobs } from '../clients/kubernetes-jobs.ts';
import type { Ledger } from '../clients/ledger.ts';
import type { Locks } from '../clients/locks.ts';
import { openTexts, type TextStore } from '../clients/text-store.ts';
import { MAX_JOB_LOOKS } from '../records/backup/run-limits.ts';
import { backupLock } from '../records/backup/set.ts';
import { lockSecondsOver } from '../rules/locking.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import type { BackupSubject } from './backup-subject.ts';
import type { JobFailure } from './job/job-failure.ts';
import { type HeldJobFact, holdJobFact } from './run/held-job-fact.ts';
import type { JobFact } from './run/job-fact.ts';
import { finishLog, type SeenJob } from './run/job-log-end.ts';
import { describeLoss, isLost, isOverdue, lookAtJob, OVERDUE } from './run/job-look.ts';
import { lookInterval } from './run/look-interval.ts';
import { hasEnded } from './run/run-note.ts';
import { noteWritten } from './run/set-moves.ts';
import type { SetStore } from './sets/set-store.ts';
import * as contract from './watch-backup-job.contract.ts';
import { readBackup, wireLedger } from './wiring.ts';

interface Deps {
  readonly find: (environment: string, policy?: string) => BackupSubject;
  readonly ledger: Ledger;
  readonly locks: Pick<Locks, 'acquire'>;
  readonly sets: SetStore;
  readonly jobs: (subject: BackupSubject) => Pick<KubernetesJobs, 'observeJob' | 'streamLog' | 'deleteJob'>;
  readonly texts: TextStore;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;
type End = NonNullable<JobFact['end']>;

/**
 * Looks at the Job of a set once: how it stands, and what it wrote since. Its end is written down before anything is
 * done about it, so that a repeat does the rest and judges nothing anew. A cluster that does not answer fails nothing:
 * the backup goes on without us.
 */
export const run = async (
  { execution, set, looks }: Input,
  deps: Deps,
  invocation: Pick<Invocation, 'signal' | 'remainingMs'>,
): Promise<Output> => {
  const { ledger, clock } = deps;
  const fact = await holdJobFact(ledger, set);
  const subject = deps.find(set.environment, set.policy);
  const answer = (outcome: Output['outcome'], message: string, waitSeconds = 1): Output => ({
    outcome,
    message,
    waitSeconds,
    looks: looks + 1,
  });
  const settle = async (end: End): Promise<Output> => {
    await settleEnd(end, set, fact.value, subject, deps, invocation.signal);
    return answer(end.outcome, [end.message, end.remedy].filter(Boolean).join(' '));
  };
  if (await hasEnded(ledger, execution)) return answer('failed', `${execution.name} has ended already.`);
  if (fact.value.end) return settle(fact.value.end);

  const now = clock.now();
  const waitSeconds = lookInterval((now.getTime() - Date.parse(fact.value.createdAt)) / 1_000);
  // Whoever took the environment in the meantime finds this Job at work and leaves it alone, so it is watched on.
  await deps.locks.acquire(backupLock(set.environment), execution.arn, lockSecondsOver(waitSeconds));
  const jobs = deps.jobs(subject);
  const overdue =
    isOverdue(fact.value, subject.settings.job.deadlineHours, now) || looks + 1 >= MAX_JOB_LOOKS;
  const look = await lookAtJob(fact.value, jobs, now, invocation.signal);
  if (!look.seen) {
    const silentSince = fact.value.silentSince ?? now.toISOString();
    await fact.save({ ...fact.value, silentSince });
    if (!isLost(look.error, silentSince, overdue, now)) {
      return answer(
        'running',
        `Nobody can look at it since ${silentSince}: ${look.error.message}`,
        waitSeconds,
      );
    }
    const end = failure(describeLoss(look.error, fact.value, silentSince), false);
    await fact.save({ ...fact.value, end });
    return settle(end);
  }
  const seen: SeenJob = { set, verdict: look.verdict, pod: look.pod };
  await noteSight(fact, look.startedAt);
  const isRead = await finishLog(seen, fact, { jobs, texts: deps.texts, clock }, invocation);
  const { verdict } = look;
  const hasStopped = verdict.state === 'succeeded' || verdict.state === 'failed';
  if (hasStopped && !isRead) return answer('running', 'It has ended, and its log is being read.', 1);
  if (!hasStopped && !overdue) return answer(verdict.state, verdict.message, waitSeconds);
  const end = endOf(verdict);
  const endedAt = verdict.state === 'succeeded' ? verdict.endedAt : now.toISOString();
  await fact.save({ ...fact.value, end, endedAt: new Date(endedAt).toISOString() });
  return settle(end);
};

const failure = ({ reason, message, remedy }: JobFailure, isLeft: boolean): End => ({
  outcome: 'failed',
  reason,
  message,
  remedy,
  isLeft,
});

const endOf = (verdict: SeenJob['verdict']): End => {
  if (verdict.state === 'succeeded') {
    const message = 'The backup tool ended with 0.';
    return { outcome: 'succeeded', reason: 'exit', message, isLeft: verdict.isLeft };
  }
  return verdict.state === 'failed' ? failure(verdict, verdict.isLeft) : failure(OVERDUE, true);
};

/** What a sight of it tells: that it can be seen again, and when it began. */
const noteSight = async (fact: HeldJobFact, began: string | undefined): Promise<void> => {
  const { silentSince, ...known } = fact.value;
  const startedAt = known.startedAt ?? (began && new Date(began).toISOString());
  if (silentSince === undefined && startedAt === known.startedAt) return;
  await fact.save({ ...known, ...(startedAt ? { startedAt } : {}) });
};

/** What follows from an end; all of it may be done again. */
const settleEnd = async (
  end: End,
  set: Input['set'],
  { namespace, name, uid, startedAt, createdAt }: JobFact,
  subject: BackupSubject,
  { sets, jobs }: Deps,
  signal: AbortSignal,
): Promise<void> => {
  if (end.outcome === 'succeeded') {
    await sets.change(set, (current) => noteWritten(current, startedAt ?? createdAt));
  }
  // By its uid, so that it can only be this set's own.
  if (end.isLeft) await jobs(subject).deleteJob({ namespace, name, uid }, signal);
};

export const handler = makeLambda({
  contract,
  deps: (env): Deps => ({
    ...wireLedger(env.LEDGER_BUCKET),
    find: readBackup,
    jobs: connectKubernetesJobs,
    texts: openTexts(env.LEDGER_BUCKET),
  }),
  run,
});
