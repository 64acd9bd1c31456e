import type * as z from 'zod';
import { connectKubernetesJobs, type KubernetesJobs } from '../clients/kubernetes-jobs.ts';
import type { Ledger } from '../clients/ledger.ts';
import type { Locks } from '../clients/locks.ts';
import type { Pauses } from '../clients/pauses.ts';
import type { SetReference } from '../records/backup/run.ts';
import { TURN_WAIT_SECONDS } from '../records/backup/run-limits.ts';
import { type BackupSet, backupLock } from '../records/backup/set.ts';
import type { CronJob } from '../records/kubernetes-job.ts';
import type { Clock } from '../runtime/clock.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import type { BackupSubject } from './backup-subject.ts';
import * as contract from './begin-backup.contract.ts';
import { nameCronJob } from './job/backup-job.ts';
import { readGitLabVersion } from './run/gitlab-version.ts';
import { findMadeSince } from './run/made-since.ts';
import { hasEnded, noteSet, readRunNote } from './run/run-note.ts';
import { chooseSetId } from './run/set-choice.ts';
import { noteFailed } from './run/set-moves.ts';
import { allowedAsks, describeHolder, TURN_SECONDS } from './run/turn.ts';
import type { SetStore } from './sets/set-store.ts';
import { readBackup, wireLedger } from './wiring.ts';

interface Deps {
  /** Finds a policy in drydock.yaml; throws RefusedError `backup.unknown`. */
  readonly find: (environment: string, policy?: string) => BackupSubject;
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly sets: SetStore;
  readonly jobs: (subject: BackupSubject) => Pick<KubernetesJobs, 'readCronJob'>;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Takes the environment for one run, or says whom it waits for, and opens its set. The id of the set comes from the
 * lock, so that a repeat opens the same one.
 *
 * @throws TransientError while the cluster or the ledger does not answer.
 */
export const run = async (
  { execution, request, asks }: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const answer = (outcome: Output['outcome'], reasons: string[] = []): Output => ({
    outcome,
    waitSeconds: TURN_WAIT_SECONDS,
    asks: asks + 1,
    reasons,
  });
  const found = findSubject(request, deps.find);
  if (!found.ok) return answer('unknown', [found.reason]);
  const { subject } = found;
  const { environment, policy } = subject;
  const pause = await deps.pauses.judge({ capability: 'backup', environment, target: policy });
  if (!pause.ok) return answer('paused', [pause.reason]);
  const taken = await deps.locks.acquire(backupLock(environment), execution.arn, TURN_SECONDS);
  if (!taken.ok) {
    const isOver = asks + 1 >= allowedAsks(subject.policySettings.schedule);
    const reason = describeHolder(environment, taken.lock, asks * TURN_WAIT_SECONDS);
    return answer(isOver ? 'overlapped' : 'waiting', [reason]);
  }
  // Whoever ends an execution notes that before it frees the lock, so either this finds the end or the end the lock.
  if (await hasEnded(deps.ledger, execution)) return refuseEnded(environment, execution, deps, answer);
  const noted = (await readRunNote(deps.ledger, execution))?.set;
  const other = noted
    ? undefined
    : findMadeSince(await deps.sets.list(environment, policy), new Date(execution.startedAt));
  if (other) {
    const reason = `The set ${other.id} was begun since this run was asked for, and is what it would have made.`;
    return answer('overlapped', [reason]);
  }
  const named = await nameVersion(subject, deps, signal);
  if (!named.ok) return answer('refused', [named.reason]);
  const { version } = named;
  const id =
    noted?.id ?? (await chooseSetId(environment, version, { lock: taken.lock, execution }, deps.sets));
  const set = await openSet(subject, execution, { id, version, startedAt: taken.lock.acquiredAt }, deps);
  if (set.state !== 'running') return refuseEnded(environment, execution, deps, answer);
  const reference = { environment, policy, id: set.id };
  return { ...answer('begun'), set: reference, kind: subject.policySettings.kind };
};

/** An unknown name is a slip of whoever started it by hand: schedules are made of the same file. */
const findSubject = ({ environment, policy }: Input['request'], find: Deps['find']) => {
  try {
    return { ok: true, subject: find(environment, policy) } as const;
  } catch (error) {
    if (error instanceof RefusedError) return { ok: false, reason: error.message } as const;
    throw error;
  }
};

const refuseEnded = async (
  environment: string,
  execution: Input['execution'],
  { locks }: Deps,
  answer: (outcome: 'refused', reasons: string[]) => Output,
): Promise<Output> => {
  await locks.release(backupLock(environment), execution.arn);
  return answer('refused', [`${execution.name} has ended already; start backup again.`]);
};

/** A cluster that says no is an answer, and no defect. */
const nameVersion = async (subject: BackupSubject, { jobs }: Deps, signal: AbortSignal) => {
  const { namespace, release } = subject.settings;
  let cronJob: CronJob | undefined;
  try {
    cronJob = await jobs(subject).readCronJob({ namespace, name: nameCronJob(release) }, signal);
  } catch (error) {
    if (error instanceof RefusedError) return { ok: false, reason: error.message } as const;
    throw error;
  }
  if (cronJob) return readGitLabVersion(cronJob);
  const reason = `There is no CronJob ${namespace}/${nameCronJob(release)} on cluster ${subject.cluster}. Set gitlab.toolbox.backups.cron.enabled and .suspend to true in the chart's values, and see that namespace and release are right in drydock.yaml.`;
  return { ok: false, reason } as const;
};

const openSet = async (
  subject: BackupSubject,
  execution: Input['execution'],
  { id, version, startedAt }: { readonly id: string; readonly version: string; readonly startedAt: string },
  deps: Deps,
): Promise<BackupSet> => {
  const { environment, policy } = subject;
  const reference: SetReference = { environment, policy, id };
  const note = await noteSet(execution, reference, deps);
  const set = await deps.sets.open({
    version: 1,
    ...reference,
    id: note.set?.id ?? id,
    kind: subject.policySettings.kind,
    state: 'running',
    skip: [...subject.policySettings.skip],
    execution,
    gitlabVersion: version,
    startedAt,
    timings: {},
    parts: [],
    needs: [],
    copies: [],
  });
  // Ended while this went on: whoever ended it found no set to end.
  if (!(await hasEnded(deps.ledger, execution))) return set;
  const failure = { code: 'ended', message: 'Its execution was ended while it began.' };
  return deps.sets.change(reference, (current) => noteFailed(current, failure));
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
