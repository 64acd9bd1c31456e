import type * as z from 'zod';
import type { BackupSubject } from '../../functions/backup/backup-subject.ts';
import { run as begin } from '../../functions/backup/begin-backup.ts';
import type * as finishContract from '../../functions/backup/finish-backup.contract.ts';
import { run as finish } from '../../functions/backup/finish-backup.ts';
import { type JobFact, jobFactKind } from '../../functions/backup/run/job-fact.ts';
import { openSetStore } from '../../functions/backup/sets/set-store.ts';
import { noteVerification } from '../../functions/backup/sets/set-verdict.ts';
import { run as start } from '../../functions/backup/start-backup-job.ts';
import { run as watch } from '../../functions/backup/watch-backup-job.ts';
import type { ExecutionStart } from '../../functions/clients/executions.ts';
import { openLocks } from '../../functions/clients/locks.ts';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { openPauses } from '../../functions/clients/pauses.ts';
import { backupRunKey, type SetReference } from '../../functions/records/backup/run.ts';
import { backupLock } from '../../functions/records/backup/set.ts';
import type { VerificationVerdict } from '../../functions/records/backup/verification.ts';
import type { Execution } from '../../functions/records/execution.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';
import { buildSubject } from './backup-step.ts';
import { chartCronJobBody } from './chart-cron-job.ts';
import { createFakeKubernetesJobs } from './fake-kubernetes-jobs.ts';
import { createFixedClock } from './fixed-clock.ts';
import { createKillSwitch } from './kill-switch.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { createFakeNotifier } from './target-events.ts';
import { calmInvocation } from './target-world.ts';

/** What the last line of a good backup's log says. */
export const DONE = '[DONE] Backup can be found at s3://acme-backups/x_gitlab_backup.tar';
export const logLine = (second: number, text: string): string =>
  `2026-11-21T03:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000000000Z ${text}`;

/**
 * The real steps of a backup; cluster, ledger and topic in memory. A Job ends at once unless a test says otherwise.
 *
 * @param skewMs by which the clock of the cluster is ahead of ours.
 */
export const createBackupWorld = (policy: object = {}, more: object = {}, skewMs = 0) => {
  const clock = createFixedClock('2026-11-21T03:00:00.000Z');
  const kill = createKillSwitch();
  const memory = createMemoryLedger();
  const ledger = kill.guard(memory);
  const cluster = createFakeKubernetesJobs(() => new Date(clock.now().getTime() + skewMs));
  cluster.putCronJob('gitlab', chartCronJobBody());
  cluster.writeLog([logLine(1, 'Dumping uploads ...'), logLine(2, DONE)]);
  const jobs = kill.guard(cluster);
  const texts = new Map<string, string>();
  /** Inputs of executions that were started, by their names. */
  const started = new Map<string, unknown>();
  const notifier = createFakeNotifier();
  const state = { subject: buildSubject(policy, more) };
  const find = (environment: string, name?: string): BackupSubject => {
    if (environment === 'production') return { ...state.subject, policy: name ?? 'daily' };
    throw new RefusedError('backup.unknown', `drydock.yaml has no backup of an environment ${environment}.`);
  };
  const deps = {
    find,
    ledger,
    locks: openLocks(ledger, clock),
    pauses: openPauses(ledger, clock),
    sets: openSetStore({ ledger, clock, policiesOf: () => ['daily', 'hourly'] }),
    outbox: openOutbox(ledger, kill.guard(notifier), clock),
    jobs: () => jobs,
    texts: kill.guard({
      write: async (key: string, text: string) => {
        texts.set(key, text);
      },
    }),
    executions: kill.guard({
      start: async ({ name, input }: Pick<ExecutionStart, 'name' | 'input'>) => {
        const isNew = !started.has(name);
        if (isNew) started.set(name, input);
        return isNew ? ('started' as const) : ('already' as const);
      },
    }),
    clock,
  };
  return { clock, kill, ledger: memory, cluster, texts, notifier, state, started, deps };
};
export type BackupWorld = ReturnType<typeof createBackupWorld>;

export const buildRun = (name = 'backup-1', startedAt = '2026-11-21T02:59:59.000Z'): Execution => ({
  arn: `arn:aws:states:eu-central-1:111122223333:execution:drydock-main-backup:${name}`,
  name,
  startedAt,
});

type FinishInput = z.output<typeof finishContract.Input>;

/** One execution of the machine, step by step. */
export const executeBackup = (world: BackupWorld, name = 'backup-1', policy = 'daily') => {
  const execution = buildRun(name, new Date(world.clock.now().getTime() - 1_000).toISOString());
  const request = { environment: 'production', policy };
  const { deps, clock } = world;
  const state: { set: SetReference | undefined } = { set: undefined };
  const set = (): SetReference => {
    if (!state.set) throw new Error(`${name} has no set.`);
    return state.set;
  };
  const steps = {
    execution,
    set,
    begin: async (asks = 0) => {
      const begun = await begin({ execution, request, asks }, deps, calmInvocation());
      state.set = begun.set ?? state.set;
      return begun;
    },
    start: (asks = 0) => start({ execution, set: set(), asks }, deps, calmInvocation()),
    watch: (looks = 0) => watch({ execution, set: set(), looks }, deps, calmInvocation()),
    /** Looks until the Job has ended, as the machine does. */
    follow: async () => {
      let seen = await steps.watch();
      while (seen.outcome === 'running' || seen.outcome === 'waiting') {
        clock.advance(seen.waitSeconds * 1_000);
        seen = await steps.watch(seen.looks);
      }
      return seen;
    },
    /** What the machine that reads a set writes down. */
    verify: (verdict: VerificationVerdict) =>
      deps.sets.change(set(), (current) => {
        const finishedAt = clock.now().toISOString();
        const noted = noteVerification(current, { verdict, reasons: [], finishedAt }, 'a/record.json');
        return noted.ok ? noted.set : undefined;
      }),
    finish: (ending: Partial<FinishInput> = {}) =>
      finish({ execution, request, outcome: 'made', reasons: [], concerns: [], ends: {}, ...ending }, deps),
    manifest: () => deps.sets.read(set()),
    fact: async (): Promise<JobFact | undefined> =>
      (await world.ledger.read(jobFactKind, backupRunKey(set(), 'job')))?.value,
  };
  return steps;
};

/** Nobody holds the environment any more. */
export const isFree = async ({ deps }: BackupWorld): Promise<boolean> =>
  (await deps.locks.acquire(backupLock('production'), 'somebody')).ok;
