import type * as z from 'zod';
import { connectKubernetesJobs, type KubernetesJobs } from '../clients/kubernetes-jobs.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { releaseFactsKind } from '../records/backup/release-facts.ts';
import { backupRunKey, type SetReference } from '../records/backup/run.ts';
import type { JobManifest } from '../records/kubernetes-job.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { isDrydockError, RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import type { BackupSubject } from './backup-subject.ts';
import { nameCronJob } from './job/backup-job.ts';
import { findSources } from './preflight/places.ts';
import { makeProbeJob } from './probe/probe-job.ts';
import { describeProbe, type ProbeRecord, probeRecordKind } from './probe/probe-record.ts';
import { watchProbe } from './probe/watch-probe.ts';
import * as contract from './probe-access.contract.ts';
import { needsJob } from './run/job-wishes.ts';
import { readBackup } from './wiring.ts';

interface Deps {
  readonly find: (environment: string, policy?: string) => BackupSubject;
  readonly ledger: Ledger;
  readonly jobs: (
    subject: BackupSubject,
  ) => Pick<KubernetesJobs, 'readCronJob' | 'createJob' | 'observeJob' | 'streamLog' | 'deleteJob'>;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/** A pod that waits for a node or an image does so for minutes. */
const WAIT_SECONDS = 10;

/**
 * Lets a pod of the backup say who it is and what it may list, and notes it. Whatever keeps it from being seen is noted
 * as well: it stops no backup by itself. A repeat finds the Job by its name, and the note when it is made.
 *
 * @throws TransientError while the cluster or the ledger does not answer.
 */
export const run = async (
  { execution, set }: Input,
  deps: Deps,
  invocation: Pick<Invocation, 'signal' | 'log'>,
): Promise<Output> => {
  const noted = await deps.ledger.read(probeRecordKind, backupRunKey(set, 'probe'));
  if (noted) return done(noted.value);
  const subject = deps.find(set.environment, set.policy);
  if (!needsJob(subject)) return note(set, 'this policy runs no pod', deps);
  const jobs = deps.jobs(subject);
  try {
    const plan = await planProbe(subject, { set, execution }, jobs, deps, invocation.signal);
    if (!plan.ok) return await note(set, plan.why, deps);
    const { job } = await jobs.createJob(plan.job, invocation.signal);
    const seen = await watchProbe(job, { jobs, clock: deps.clock }, invocation.signal);
    if (seen.state === 'waiting') {
      return { outcome: 'waiting', waitSeconds: WAIT_SECONDS, message: `${seen.why}.` };
    }
    const answer = await note(set, seen.found, deps);
    await clear(jobs, job, invocation);
    return answer;
  } catch (error) {
    if (error instanceof RefusedError) return note(set, error.message.replace(/\.$/, ''), deps);
    throw error;
  }
};

const planProbe = async (
  subject: BackupSubject,
  { set, execution }: Input,
  jobs: Pick<KubernetesJobs, 'readCronJob'>,
  { ledger }: Deps,
  signal: AbortSignal,
): Promise<
  { readonly ok: true; readonly job: JobManifest } | { readonly ok: false; readonly why: string }
> => {
  const { namespace, release, destination } = subject.settings;
  const name = nameCronJob(release);
  const cronJob = await jobs.readCronJob({ namespace, name }, signal);
  if (!cronJob) return { ok: false, why: `there is no CronJob ${namespace}/${name}` };
  const facts = (await ledger.read(releaseFactsKind, backupRunKey(set, 'release')))?.value;
  const { buckets } = findSources(subject, facts);
  return makeProbeJob(cronJob, {
    backupId: set.id,
    execution: execution.name,
    sources: buckets,
    backup: destination.bucket,
  });
};

const note = async (
  set: SetReference,
  found: ProbeRecord['found'] | string,
  { ledger, clock }: Deps,
): Promise<Output> => {
  const record: ProbeRecord = {
    version: 1,
    probedAt: clock.now().toISOString(),
    found: typeof found === 'string' ? { known: false, why: found } : found,
  };
  const key = backupRunKey(set, 'probe');
  // Of two Lambdas at the same step the first one's counts.
  const kept = await updateRecord(
    ledger,
    probeRecordKind,
    key,
    (current) => (current ? undefined : record),
    clock,
  );
  return done(kept ?? record);
};

const done = (record: ProbeRecord): Output => ({
  outcome: 'done',
  waitSeconds: 0,
  message: describeProbe(record),
});

/** What is left goes by itself soon after its end. */
const clear = async (
  jobs: Pick<KubernetesJobs, 'deleteJob'>,
  job: Parameters<KubernetesJobs['deleteJob']>[0],
  { signal, log }: Pick<Invocation, 'signal' | 'log'>,
): Promise<void> => {
  try {
    await jobs.deleteJob(job, signal);
  } catch (error) {
    log.warn('The Job of the probe stays until its time is over', {
      code: isDrydockError(error) ? error.code : 'unexpected',
    });
  }
};

export const handler = makeLambda({
  contract,
  deps: (env): Deps => ({
    find: readBackup,
    ledger: connectLedger(env.LEDGER_BUCKET),
    jobs: connectKubernetesJobs,
    clock: systemClock,
  }),
  run,
});
