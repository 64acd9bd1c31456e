import type * as z from 'zod';
import { openBucketFacts } from '../clients/bucket-facts/open-bucket-facts.ts';
import { openDatabases } from '../clients/databases/open-databases.ts';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { openObjectKeys } from '../clients/object-keys.ts';
import { openRecoveryPoints } from '../clients/recovery-points.ts';
import { releaseFactsKind } from '../records/backup/release-facts.ts';
import { backupRunKey, type SetReference } from '../records/backup/run.ts';
import type { BackupSet } from '../records/backup/set.ts';
import type { Execution } from '../records/execution.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { type BackupSubject, findBackup, listPolicies } from './backup-subject.ts';
import { RUN_ENDED } from './marks/looked.ts';
import { openProgress, putParts, readProgress, type Stage, writeProgress } from './marks/progress.ts';
import { markAfterJob } from './marks/stages/after-job.ts';
import { markAgain } from './marks/stages/again.ts';
import { markBeforeJob } from './marks/stages/before-job.ts';
import type { StageResult, StageRule, StageSources, StageView } from './marks/stages/stage.ts';
import { jobFactKind } from './run/job-fact.ts';
import { hasEnded } from './run/run-note.ts';
import * as contract from './set-marks.contract.ts';
import type { SetStore } from './sets/set-store.ts';
import { wireSets } from './wiring.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly sets: Pick<SetStore, 'read' | 'change'>;
  readonly subject: (environment: string, policy: string) => BackupSubject;
  readonly sources: (subject: BackupSubject) => StageSources;
  readonly clock: Clock;
}

type Output = z.input<typeof contract.Output>;

const STAGES: Readonly<Record<Stage, StageRule>> = {
  'before-job': markBeforeJob,
  'after-job': markAfterJob,
  again: markAgain,
};

/** What is left of the time of a Lambda when it stops counting: enough to write down how far it came. Milliseconds. */
const CLOSING_MS = 20_000;

/**
 * Marks what of a set is no archive: the points in time, snapshots, versions and recovery points to which other services
 * can go back. What could not be learned is noted with it, and its verification counts it as no part.
 *
 * @throws RefusedError `backup.no-set`, `backup.ended`.
 */
export const run = async (
  { execution, set: reference, stage }: z.output<typeof contract.Input>,
  deps: Deps,
  invocation: Pick<Invocation, 'signal' | 'remainingMs'>,
): Promise<Output> => {
  const set = await deps.sets.read(reference);
  if (!set) throw new RefusedError('backup.no-set', `There is no backup set ${reference.id}.`);
  const settled = findSettled(set, stage);
  if (settled) return done(settled);
  const now = deps.clock.now();
  const progress = openProgress(await readProgress(reference, deps.ledger), stage, execution, now);
  if (progress.endedAt !== undefined) return done('This was marked already.');
  const subject = deps.subject(reference.environment, reference.policy);
  const view: StageView = {
    reference,
    set,
    policy: subject,
    progress,
    now,
    ...(await readRunFacts(reference, deps.ledger)),
    hasTime: () => invocation.remainingMs() > CLOSING_MS,
    mayWrite: () => refuseEnded(execution, deps.ledger),
    signal: invocation.signal,
  };
  const result = await STAGES[stage](view, deps.sources(subject));
  if (result.state === 'waiting') {
    await writeProgress(reference, result.progress, deps);
    return { outcome: 'waiting', waitSeconds: result.waitSeconds, message: result.message };
  }
  return end(view, result, deps);
};

const done = (message: string): Output => ({ outcome: 'done', waitSeconds: 0, message });

/** A run of which somebody made an end sets no marks, and a set that is gone has none. */
const findSettled = ({ state }: BackupSet, stage: Stage): string | undefined => {
  if (state === 'failed' || state === 'deleted') return `The set is ${state}; there is nothing to mark.`;
  // The Job of a run that is repeated may have been noted as written already.
  const isMade = state !== 'running' && state !== 'unverified';
  return isMade && stage !== 'again' ? `The set is ${state}; its marks stay as they are.` : undefined;
};

const readRunFacts = async (
  set: SetReference,
  ledger: Pick<Ledger, 'read'>,
): Promise<Pick<StageView, 'release' | 'job'>> => {
  const [release, job] = await Promise.all([
    ledger.read(releaseFactsKind, backupRunKey(set, 'release')),
    ledger.read(jobFactKind, backupRunKey(set, 'job')),
  ]);
  return { release: release?.value, job: job?.value };
};

const refuseEnded = async (execution: Execution, ledger: Pick<Ledger, 'read'>): Promise<void> => {
  if (!(await hasEnded(ledger, execution))) return;
  throw new RefusedError(RUN_ENDED, `${execution.name} was ended; no snapshot was made.`);
};

/** The manifest first: a Lambda that dies in between marks again, and finds the snapshot that it made. */
const end = async (
  { reference, progress, now }: StageView,
  { parts, problems, off }: Extract<StageResult, { state: 'done' }>,
  deps: Deps,
): Promise<Output> => {
  if (parts.length > 0) await deps.sets.change(reference, (current) => putParts(current, parts));
  const { snapshot: _made, gitaly: _counted, silentSince: _over, ...kept } = progress;
  const ended = {
    ...kept,
    ...(off && { off: [...off] }),
    problems: [...problems],
    endedAt: now.toISOString(),
  };
  await writeProgress(reference, ended, deps);
  const missing = problems.map(({ message }) => message);
  return done(
    [`Marked ${parts.length} part${parts.length === 1 ? '' : 's'}.`, ...missing].join(' ').slice(0, 600),
  );
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      ledger,
      sets: wireSets(ledger),
      // A policy may be gone from drydock.yaml while its sets are kept; where their parts lie, all have in common.
      subject: (environment: string, policy: string) => {
        const names = listPolicies(readConfiguration(), environment);
        return findBackup(readConfiguration(), environment, names.includes(policy) ? policy : names[0]);
      },
      sources: ({ region }: BackupSubject): StageSources => ({
        databases: openDatabases(region),
        buckets: openBucketFacts(region),
        recoveryPoints: openRecoveryPoints(region),
        keys: openObjectKeys(region),
      }),
      clock: systemClock,
    };
  },
  run,
});
