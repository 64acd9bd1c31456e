import type * as z from 'zod';
import { connectKubernetesJobs, type KubernetesJobs } from '../clients/kubernetes-jobs.ts';
import type { Ledger } from '../clients/ledger.ts';
import type { Locks } from '../clients/locks.ts';
import type { Pauses } from '../clients/pauses.ts';
import { backupRunKey } from '../records/backup/run.ts';
import { MAX_START_ASKS, TURN_WAIT_SECONDS } from '../records/backup/run-limits.ts';
import { backupLock } from '../records/backup/set.ts';
import type { Job, JobManifest } from '../records/kubernetes-job.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import type { BackupSubject } from './backup-subject.ts';
import { jobFactKind } from './run/job-fact.ts';
import { planJob } from './run/job-plan.ts';
import { needsJob, toldToTool } from './run/job-wishes.ts';
import { NO_EVIDENCE } from './run/log-fold.ts';
import { hasEnded } from './run/run-note.ts';
import { noteWritten } from './run/set-moves.ts';
import { describeHolder } from './run/turn.ts';
import type { SetStore } from './sets/set-store.ts';
import * as contract from './start-backup-job.contract.ts';
import { readBackup, wireLedger } from './wiring.ts';

interface Deps {
  readonly find: (environment: string, policy?: string) => BackupSubject;
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly sets: SetStore;
  readonly jobs: (
    subject: BackupSubject,
  ) => Pick<KubernetesJobs, 'readCronJob' | 'listJobs' | 'createJob' | 'deleteJob'>;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Makes the one Job of a set. A repeat finds it in the fact of the run, or, when the Lambda died before that was
 * written, by its name and its id in the cluster.
 *
 * @throws TransientError while the cluster or the ledger does not answer; the Job may have been made all the same.
 */
export const run = async (
  { execution, set: reference, asks }: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const { environment, policy, id } = reference;
  const answer = (outcome: Output['outcome'], others: Partial<Output> = {}): Output => ({
    outcome,
    waitSeconds: TURN_WAIT_SECONDS,
    asks: asks + 1,
    reasons: [],
    warnings: [],
    ...others,
  });
  const refuse = (reason: string): Output => answer('refused', { reasons: [reason] });
  const made = await deps.ledger.read(jobFactKind, backupRunKey(reference, 'job'));
  if (made) return answer('started', { job: `${made.value.namespace}/${made.value.name}` });
  const subject = deps.find(environment, policy);
  if (!needsJob(subject)) {
    await deps.sets.change(reference, (current) => noteWritten(current, undefined));
    return answer('not-needed');
  }
  const set = await deps.sets.read(reference);
  if (set?.state !== 'running')
    return refuse(`The set ${id} is ${set?.state ?? 'not there'}; start backup again.`);
  const pause = await deps.pauses.judge({ capability: 'backup', environment, target: policy });
  if (!pause.ok) return answer('paused', { reasons: [`Backups were ${pause.reason}`] });

  const taken = await deps.locks.acquire(backupLock(environment), execution.arn);
  if (!taken.ok) {
    const reason = describeHolder(environment, taken.lock, asks * TURN_WAIT_SECONDS);
    return answer(asks + 1 >= MAX_START_ASKS ? 'overlapped' : 'waiting', { reasons: [reason] });
  }
  const { token: fence } = taken.lock;
  const jobs = deps.jobs(subject);
  try {
    const plan = await planJob(subject, { set, execution, fence }, jobs, signal);
    if (!plan.ok) return refuse(plan.reason);
    const isOurs = await deps.locks.isHeld(backupLock(environment), execution.arn, fence);
    if (!isOurs || (await hasEnded(deps.ledger, execution))) {
      return refuse(`${execution.name} does not hold ${environment} any more; nothing was started.`);
    }
    const { job } = await jobs.createJob(plan.job, signal);
    await noteJob(reference, job, plan.job, fence, deps);
    if (await hasEnded(deps.ledger, execution)) {
      // Ended while this went on: nobody watches it, and whoever ended it was told of no Job.
      await jobs.deleteJob({ namespace: job.namespace, name: job.name, uid: job.uid }, signal);
      return refuse(`${execution.name} was ended while its Job was made; the Job was deleted.`);
    }
    return answer('started', { job: `${job.namespace}/${job.name}`, warnings: [...plan.warnings] });
  } catch (error) {
    if (error instanceof RefusedError) return refuse(error.message);
    throw error;
  }
};

/** Written once: a repeat finds the same Job, and must not forget how far its log was read. */
const noteJob = async (
  reference: Input['set'],
  job: Job,
  manifest: JobManifest,
  fence: number,
  { ledger }: Pick<Deps, 'ledger'>,
): Promise<void> => {
  const told = toldToTool(manifest);
  await ledger.claim(jobFactKind, backupRunKey(reference, 'job'), {
    version: 1,
    namespace: job.namespace,
    name: job.name,
    uid: job.uid,
    fence,
    createdAt: new Date(job.createdAt).toISOString(),
    skipped: [...told.skipped],
    repositoriesServerSide: told.has('--repositories-server-side'),
    log: { objects: 0, characters: 0, complete: false, evidence: NO_EVIDENCE },
  });
};

export const handler = makeLambda({
  contract,
  deps: (env): Deps => ({
    ...wireLedger(env.LEDGER_BUCKET),
    find: readBackup,
    jobs: connectKubernetesJobs,
  }),
  run,
});
