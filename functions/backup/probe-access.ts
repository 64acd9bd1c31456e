import type * as z from 'zod';
import { connectKubernetesJobs } from '../clients/kubernetes-jobs.ts';
import { keepFirst, type Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { releaseFactsKind } from '../records/backup/release-facts.ts';
import { backupRunKey, type SetReference } from '../records/backup/run.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import type { BackupSubject } from './backup-subject.ts';
import { nameCronJob } from './job/backup-job.ts';
import { findSources } from './preflight/places.ts';
import { type AskedJobs, askPod, done, type PodQuestion } from './probe/ask-pod.ts';
import { makeProbeJob, PROBE_CONTAINER } from './probe/probe-job.ts';
import { describeProbe, type ProbeRecord, probeRecordKind } from './probe/probe-record.ts';
import { readProbeReport } from './probe/probe-report.ts';
import type { EndedPod } from './probe/watch-probe.ts';
import * as contract from './probe-access.contract.ts';
import { needsJob } from './run/job-wishes.ts';
import { readBackup } from './wiring.ts';

interface Deps {
  readonly find: (environment: string, policy?: string) => BackupSubject;
  readonly ledger: Ledger;
  readonly jobs: (subject: BackupSubject) => AskedJobs;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Lets a pod of the backup say who it is and what it may list, and notes it; see `askPod`. It stops no backup by itself.
 *
 * @throws TransientError while the cluster or the ledger does not answer.
 */
export const run = async (
  input: Input,
  deps: Deps,
  invocation: Pick<Invocation, 'signal' | 'log'>,
): Promise<Output> => {
  const { set } = input;
  const noted = await deps.ledger.read(probeRecordKind, backupRunKey(set, 'probe'));
  if (noted) return done(describeProbe(noted.value));
  const subject = deps.find(set.environment, set.policy);
  return askPod(
    {
      title: 'The Job of the probe',
      container: PROBE_CONTAINER,
      plan: () => planProbe(subject, input, deps, invocation.signal),
      read: explain,
      note: (found) => note(set, found, deps),
    },
    deps.clock,
    invocation,
  );
};

const planProbe = async (
  subject: BackupSubject,
  { set, execution }: Input,
  deps: Deps,
  signal: AbortSignal,
): ReturnType<PodQuestion<unknown>['plan']> => {
  if (!needsJob(subject)) return { ok: false, why: 'this policy runs no pod' };
  const jobs = deps.jobs(subject);
  const { namespace, release, destination } = subject.settings;
  const name = nameCronJob(release);
  const cronJob = await jobs.readCronJob({ namespace, name }, signal);
  if (!cronJob) return { ok: false, why: `there is no CronJob ${namespace}/${name}` };
  const facts = (await deps.ledger.read(releaseFactsKind, backupRunKey(set, 'release')))?.value;
  const { buckets } = findSources(subject, facts);
  const plan = makeProbeJob(cronJob, {
    backupId: set.id,
    execution: execution.name,
    sources: buckets,
    backup: destination.bucket,
  });
  return plan.ok ? { ...plan, jobs } : plan;
};

/** What it saw before a bad end was seen all the same. */
const explain = ({ log, failure }: EndedPod): ProbeRecord['found'] => {
  const report = readProbeReport(log);
  if (!report) return { known: false, why: failure ?? 'the pod of the probe ended well and wrote nothing' };
  return { known: true, ...report, listed: { ...report.listed } };
};

const note = async (
  set: SetReference,
  found: ProbeRecord['found'],
  { ledger, clock }: Deps,
): Promise<string> => {
  const record: ProbeRecord = { version: 1, probedAt: clock.now().toISOString(), found };
  return describeProbe(await keepFirst(ledger, probeRecordKind, backupRunKey(set, 'probe'), record, clock));
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
