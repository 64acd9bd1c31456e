import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import { type Executions, openExecutions } from '../clients/executions.ts';
import { probeClone, probePrivateClone } from '../clients/gitlab/clone.ts';
import { listRunners } from '../clients/gitlab/runners.ts';
import { probeSignIn } from '../clients/gitlab.ts';
import { connectKubernetesJobs, type KubernetesJobs } from '../clients/kubernetes-jobs.ts';
import { connectKubernetesScaling, type KubernetesScaling } from '../clients/kubernetes-scaling.ts';
import type { Ledger } from '../clients/ledger.ts';
import type { Locks } from '../clients/locks.ts';
import { type ObjectFinder, openObjectKeys } from '../clients/object-keys.ts';
import type { Pauses } from '../clients/pauses.ts';
import { readSecret } from '../clients/secrets.ts';
import { openTextReader, type TextReader } from '../clients/text-reader.ts';
import { openTexts, type TextStore } from '../clients/text-store.ts';
import { type RestoreRun, restoreLock } from '../records/backup/restore.ts';
import { MAX_RESTORE_LOOKS } from '../records/backup/restore-limits.ts';
import type { RestoreTarget } from '../records/backup/restore-plan.ts';
import type { Configuration } from '../records/configuration.ts';
import type { JobManifest } from '../records/kubernetes-job.ts';
import type { Clock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './advance-restore.contract.ts';
import { nextRestoreStep, type RestoreDecision } from './restore/next-restore-step.ts';
import { ARCHIVE_PATIENCE } from './restore/reading/archive-look.ts';
import { type CarriedOut, carryOut } from './restore/reading/carry-out.ts';
import { asksForJob, composeJob } from './restore/reading/job-work.ts';
import { ACT_SECONDS, waitForLook } from './restore/reading/look-interval.ts';
import { type OutsideClients, openOutside } from './restore/reading/outside-sources.ts';
import { holdForChoice, holdPlace, judgeWrites } from './restore/reading/place-locks.ts';
import { findPlanned } from './restore/reading/restore-subject.ts';
import { readRun, saveRun } from './restore/reading/run-record.ts';
import { needsSecrets, readSecretsFact } from './restore/reading/secrets-fact.ts';
import { type LookSources, takeLook } from './restore/reading/take-look.ts';
import { type CurrentStep, findCurrentStep } from './restore/run-steps.ts';
import { failed, plainTurn, type StepTurn } from './restore/step-turn.ts';
import { shortenText } from './restore/telling/shorten.ts';
import type { SetStore } from './sets/set-store.ts';
import { wireLedger } from './wiring.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly sets: Pick<SetStore, 'read'>;
  readonly configuration: Configuration;
  readonly jobs: (target: RestoreTarget) => KubernetesJobs;
  readonly scaling: (target: RestoreTarget) => KubernetesScaling;
  readonly executions: Pick<Executions, 'start' | 'describe'>;
  /** ARN of the machine `backup`. */
  readonly machine: string;
  readonly texts: TextStore & TextReader;
  readonly outside: OutsideClients;
  readonly archives: ObjectFinder;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;
type Calling = Pick<Invocation, 'signal' | 'remainingMs'>;

/** Milliseconds for what comes behind a look: the record, and the changes. */
const RESERVE_MS = 20_000;

/**
 * Takes one look at a restore and does what follows from it: look, decide, write the record, change. What is refused
 * fails the step at hand; before the first destructive step all is undone then, and after it a person is asked.
 *
 * @throws TransientError while cluster, Step Functions or ledger do not answer; the machine looks again.
 * @throws RefusedError `restore.looks` when this execution has had all its looks.
 */
export const run = async (input: Input, deps: Deps, calling: Calling): Promise<Output> => {
  const { execution, restore, looks } = input;
  const answer = (outcome: Output['outcome'], message = '', waitSeconds = 1): Output => ({
    outcome,
    message: shortenText(message),
    waitSeconds,
    looks: looks + 1,
  });
  const { value: before, etag } = await readRun(deps.ledger, restore);
  if (before.state === 'ended') return answer('ended', before.outcome);
  if (before.execution.arn !== execution.arn)
    return answer('lost', `${before.execution.name} carries it now`);
  if (looks >= MAX_RESTORE_LOOKS) {
    const message = `An execution takes ${MAX_RESTORE_LOOKS} looks at a restore; another one goes on.`;
    throw new RefusedError('restore.looks', message);
  }
  if (!(await holdPlace(before, restore.place, deps.locks))) {
    return answer('lost', 'another execution has taken the place');
  }
  const mayWrite = await judgeWrites(before, restore, deps);
  const now = deps.clock.now();
  const current = findCurrentStep(before);
  const secrets =
    current && needsSecrets(before, current)
      ? await readSecretsFact(deps.ledger, restore, etag, now)
      : undefined;
  if (current && needsSecrets(before, current) && !secrets) {
    return answer('secrets', 'waits for a look at the Secrets');
  }
  const seen = current && (await look({ before, current, secrets, now }, input, deps, calling));
  const decision = nextRestoreStep(before, seen?.turn, { now, mayWrite });
  const { move } = decision;
  if (!isDeepStrictEqual(decision.run, before)) await saveRun(deps.ledger, restore.place, etag, decision.run);
  if (move.kind === 'end') return answer('ended', move.outcome);
  if (move.kind === 'ask') {
    await holdForChoice(decision.run, restore, deps.locks);
    return answer('ask', move.reasons[0]);
  }
  if (move.kind === 'wait') {
    const since = findCurrentStep(decision.run)?.since;
    return answer('under-way', move.message, waitForLook(move.seconds, since, now));
  }
  if (!current) return answer('under-way', move.message);
  const carried = await act({ decision, current, manifest: seen?.manifest }, input, deps, calling);
  return carried === 'done' ? answer('under-way', move.message, ACT_SECONDS) : answer(carried, move.message);
};

interface Seen {
  readonly turn: StepTurn;
  readonly manifest?: JobManifest;
}

const look = async (
  {
    before,
    current,
    secrets,
    now,
  }: {
    readonly before: RestoreRun;
    readonly current: CurrentStep;
    readonly secrets: Awaited<ReturnType<typeof readSecretsFact>>;
    readonly now: Date;
  },
  { restore }: Input,
  deps: Deps,
  { signal, remainingMs }: Calling,
): Promise<Seen> => {
  const { target } = before.plan;
  try {
    const { owner, origin } = findPlanned(deps.configuration, before.plan);
    const set = await deps.sets.read(before.plan.set);
    const jobs = deps.jobs(target);
    const sources: LookSources = {
      ...deps,
      jobs,
      scaling: deps.scaling(target),
      isOver: () => remainingMs() < RESERVE_MS,
      outside: openOutside(target.kind === 'scratch' ? undefined : owner.gitlab, deps.outside, signal),
    };
    const archiveBucket = origin.settings.destination.bucket;
    const about = { restore, run: before, current, set, archiveBucket, secrets, now };
    const turn = await takeLook(about, sources, signal);
    if (!asksForJob(turn) || turn.job === undefined) return { turn };
    const safety = before.safetySet && (await deps.sets.read(before.safetySet));
    const restoreHours = owner.settings.restore.deadlineHours;
    const making = { jobs, restoreHours };
    const wanted = await composeJob(before, current, turn.job.name, safety, making, signal);
    if (wanted.ok) return { turn, manifest: wanted.job };
    return { turn: plainTurn(failed(wanted.why)) };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { turn: plainTurn(failed(error.message)) };
  }
};

const act = async (
  {
    decision,
    current,
    manifest,
  }: {
    readonly decision: RestoreDecision;
    readonly current: CurrentStep;
    readonly manifest: JobManifest | undefined;
  },
  { execution, restore }: Input,
  deps: Deps,
  { signal }: Calling,
): Promise<CarriedOut> => {
  const { run: noted, move } = decision;
  if (move.kind !== 'do' && move.kind !== 'undo') return 'done';
  const { target } = noted.plan;
  const { owner } = findPlanned(deps.configuration, noted.plan);
  const isOurs = (): Promise<boolean> =>
    deps.locks.isHeld(restoreLock(restore.place), execution.arn, noted.fence ?? 0);
  const sources = { ...deps, jobs: deps.jobs(target), scaling: deps.scaling(target), owner, isOurs };
  try {
    return await carryOut(noted, current, move, manifest, sources, signal);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    await fail(error.message, restore, deps);
    return 'done';
  }
};

/** What may not be done fails its step, whatever came of it so far. */
const fail = async (reason: string, restore: Input['restore'], { ledger, clock }: Deps): Promise<void> => {
  const { value, etag } = await readRun(ledger, restore);
  const around = { now: clock.now(), mayWrite: { ok: true } as const };
  const { run: noted } = nextRestoreStep(value, plainTurn(failed(reason)), around);
  await saveRun(ledger, restore.place, etag, noted);
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET, BACKUP_MACHINE_ARN }): Deps => ({
    ...wireLedger(LEDGER_BUCKET),
    configuration: readConfiguration(),
    jobs: connectKubernetesJobs,
    scaling: connectKubernetesScaling,
    executions: openExecutions(),
    machine: BACKUP_MACHINE_ARN,
    texts: { ...openTexts(LEDGER_BUCKET), ...openTextReader(LEDGER_BUCKET) },
    outside: {
      signIn: probeSignIn,
      clone: probeClone,
      privateClone: probePrivateClone,
      runners: listRunners,
      readSecret,
    },
    // Archives may lie in another region: S3 tells which.
    archives: openObjectKeys(undefined, { patience: ARCHIVE_PATIENCE }),
  }),
  run,
});
