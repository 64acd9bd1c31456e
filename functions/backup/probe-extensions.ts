import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { connectKubernetesJobs, type KubernetesJobs } from '../clients/kubernetes-jobs.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { openPauses, type Pauses } from '../clients/pauses.ts';
import { restoreExtensionKey } from '../records/backup/restore-limits.ts';
import { placeOf, type RestoreTarget } from '../records/backup/restore-plan.ts';
import type { Configuration } from '../records/configuration.ts';
import type { JobManifest } from '../records/kubernetes-job.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { isDrydockError, RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { nameCronJob } from './job/backup-job.ts';
import { PROBE_DEADLINE_SECONDS } from './probe/probe-job.ts';
import { watchPod } from './probe/watch-probe.ts';
import * as contract from './probe-extensions.contract.ts';
import {
  describeExtensions,
  type ExtensionRecord,
  extensionRecordKind,
} from './restore/extensions/extension-record.ts';
import { readExtensionReport } from './restore/extensions/extension-report.ts';
import { findRestore } from './restore/reading/restore-subject.ts';
import { makeRestoreJob, RESTORE_CONTAINERS } from './restore/restore-job.ts';

type Jobs = Pick<KubernetesJobs, 'readCronJob' | 'createJob' | 'observeJob' | 'streamLog' | 'deleteJob'>;

interface Deps {
  readonly ledger: Ledger;
  readonly pauses: Pauses;
  readonly configuration: Configuration;
  readonly jobs: (target: RestoreTarget) => Jobs;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/** A pod that waits for a node or an image does so for minutes. */
const WAIT_SECONDS = 10;

/**
 * Lets a pod of the toolbox ask the database of the place which extensions there are, and which of them the role of
 * GitLab could make anew, and notes it for the plan. It reads, and the pod is deleted at its end. Whatever keeps it from
 * being seen is noted as well: no restore stops for that. A repeat finds the Job by its name, and the note when it is made.
 *
 * @throws TransientError while the cluster or the ledger does not answer.
 */
export const run = async (
  { execution, request }: Input,
  deps: Deps,
  invocation: Pick<Invocation, 'signal' | 'log'>,
): Promise<Output> => {
  const noted = await deps.ledger.read(extensionRecordKind, restoreExtensionKey(execution.name));
  if (noted) return done(noted.value);
  try {
    const { target } = findRestore(deps.configuration, request);
    const jobs = deps.jobs(target);
    const plan = await planLook(target, execution.name, jobs, deps, invocation.signal);
    if (!plan.ok) return await note(execution.name, { known: false, why: plan.why }, deps);
    const { job } = await jobs.createJob(plan.job, invocation.signal);
    const sources = { jobs, clock: deps.clock };
    const seen = await watchPod(job, RESTORE_CONTAINERS.extensions, sources, invocation.signal);
    if (seen.state === 'waiting') {
      return { outcome: 'waiting', waitSeconds: WAIT_SECONDS, message: `${seen.why}.` };
    }
    const answer = await note(execution.name, explain(seen), deps);
    await clear(jobs, job, invocation);
    return answer;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return note(execution.name, { known: false, why: error.message.replace(/\.$/, '') }, deps);
  }
};

const planLook = async (
  target: RestoreTarget,
  execution: string,
  jobs: Pick<KubernetesJobs, 'readCronJob'>,
  { pauses }: Deps,
  signal: AbortSignal,
): Promise<
  { readonly ok: true; readonly job: JobManifest } | { readonly ok: false; readonly why: string }
> => {
  const { namespace, release, environment } = target;
  const pause = await pauses.judge({ capability: 'backup', environment, target: placeOf(target) });
  if (!pause.ok) return { ok: false, why: pause.reason };
  const name = nameCronJob(release);
  const cronJob = await jobs.readCronJob({ namespace, name }, signal);
  if (!cronJob) return { ok: false, why: `there is no CronJob ${namespace}/${name}` };
  return makeRestoreJob(cronJob, {
    note: { name: nameLook(release, execution) },
    execution,
    deadlineSeconds: PROBE_DEADLINE_SECONDS,
    work: { kind: 'extensions' },
  });
};

/** At most 63 characters, and the same for each repeat. */
const nameLook = (release: string, execution: string): string => {
  const hash = createHash('sha256').update([release, execution].join('\n')).digest('hex');
  return `${release.slice(0, 26).replace(/-+$/, '')}-toolbox-extensions-${hash.slice(0, 10)}`;
};

type Seen = Exclude<Awaited<ReturnType<typeof watchPod>>, { state: 'waiting' }>;

const explain = (seen: Seen): ExtensionRecord['found'] => {
  if (seen.state === 'failed') return { known: false, why: seen.why };
  const value = readExtensionReport(seen.log);
  // Of several databases some may have answered: those that did not would be taken for well.
  if (seen.failure !== undefined) return { known: false, why: seen.failure };
  if (value.length === 0) return { known: false, why: 'the pod that asked it ended well and wrote nothing' };
  return { known: true, value: [...value] };
};

const note = async (
  execution: string,
  found: ExtensionRecord['found'],
  { ledger, clock }: Deps,
): Promise<Output> => {
  const record: ExtensionRecord = { version: 1, lookedAt: clock.now().toISOString(), found };
  const key = restoreExtensionKey(execution);
  // Of two Lambdas at the same step the first one's counts.
  const keep = (current: ExtensionRecord | undefined) => (current ? undefined : record);
  return done((await updateRecord(ledger, extensionRecordKind, key, keep, clock)) ?? record);
};

const done = (record: ExtensionRecord): Output => ({
  outcome: 'done',
  waitSeconds: 0,
  message: describeExtensions(record),
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
    log.warn('The Job that asked the database stays until its time is over', {
      code: isDrydockError(error) ? error.code : 'unexpected',
    });
  }
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }): Deps => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      ledger,
      pauses: openPauses(ledger, systemClock),
      configuration: readConfiguration(),
      jobs: connectKubernetesJobs,
      clock: systemClock,
    };
  },
  run,
});
