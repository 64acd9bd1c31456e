import type { RestoreJobNote, RestoreRun } from '../../records/backup/restore.ts';
import type { RestoreStep } from '../../records/backup/restore-plan.ts';
import type { Job } from '../../records/kubernetes-job.ts';
import { type ArchiveStanding, demandArchive } from './archive-standing.ts';
import { judgeStepLog } from './checks/step-log.ts';
import { databaseTurn, leaveDatabase, type NativeLook, versionsTurn } from './native/native-turns.ts';
import type { PlaceFacts } from './place-facts.ts';
import { nameRestoreJob, RESTORE_CONTAINERS } from './restore-job.ts';
import type { CurrentStep } from './run-steps.ts';
import { done, plainTurn, type StepTurn } from './step-turn.ts';
import { endOtherJobs, findJobNote, jobTurn, listLiveJobs, type SeenJob } from './turns/job-turn.ts';
import { type CopiedBack, objectsTurn } from './turns/objects-turn.ts';
import { keepClosed, quiesceTurn } from './turns/quiesce-turn.ts';
import { type SafetyBackup, safetyTurn } from './turns/safety-turn.ts';
import { type SecretFacts, secretsBackTurn, secretsTurn } from './turns/secrets-turn.ts';
import { setBackTurn } from './turns/set-back-turn.ts';
import { suspendTurn } from './turns/suspend-turn.ts';

/** Where a turn looks; only what its step needs is read. */
export interface TurnReaders {
  place(): Promise<PlaceFacts>;
  secrets(): Promise<SecretFacts>;
  safety(): Promise<SafetyBackup>;
  /** Of the set that is restored. */
  archive(): Promise<ArchiveStanding>;
  job(note: Pick<RestoreJobNote, 'namespace' | 'name'>): Promise<SeenJob>;
  /** All that the log of a Job holds, or its end where it is long. */
  log(note: RestoreJobNote): Promise<string>;
  copiedBack(): Promise<CopiedBack>;
  /** What was left of the last look at database and versions. */
  native(): Promise<NativeLook>;
  /** Looks from outside: health, sign-in page, a clone; and the runners. */
  probe(since: string | undefined): Promise<StepTurn>;
  runners(since: string | undefined): Promise<StepTurn>;
}

type Taker = (run: RestoreRun, current: CurrentStep, readers: TurnReaders) => Promise<StepTurn>;

/** Looks at the step at hand, and says what it comes to. Nothing is changed by it. */
export const takeTurn = (run: RestoreRun, current: CurrentStep, readers: TurnReaders): Promise<StepTurn> => {
  const takers = current.back ? BACK : FORWARD;
  return (takers[current.step] ?? NOTHING_TO_UNDO)(run, current, readers);
};

const NOTHING_TO_UNDO: Taker = async () => plainTurn(done('it changed nothing in the cluster'));

const takeDatabaseTurn: Taker = async (run, current, readers) =>
  databaseTurn(run, current, await readers.native());
const takeVersionsTurn: Taker = async (run, current, readers) =>
  versionsTurn(run, current, await readers.native());

const BACK: Readonly<Partial<Record<RestoreStep, Taker>>> = {
  // What is up would write into data of which half are those of the set.
  'restore-objects': async (run, current, readers) =>
    whileClosed(run, current, readers, await takeVersionsTurn(run, current, readers)),
  'swap-database': async (run, current, readers) =>
    whileClosed(run, current, readers, await takeDatabaseTurn(run, current, readers)),
  'restore-database': async (run) => leaveDatabase(run),
  'restore-secrets': async (run, { since }, readers) =>
    secretsBackTurn(run, await readers.secrets(), 'restore-secrets', since),
  quiesce: async (run, _, readers) => setBackTurn(run, await readers.place(), ['scaled', 'paused']),
  'suspend-schedules': async (run, _, readers) => setBackTurn(run, await readers.place(), ['suspended']),
};

const takeJobTurn =
  (container: string): Taker =>
  async (run, current, readers) => {
    const { namespace, release } = run.plan.target;
    const wanted = { namespace, name: nameRestoreJob(release, run.id, current) };
    const turn = jobTurn(run, current, wanted, await readers.job(wanted), container);
    const { job, verdict } = turn;
    const ended = job ?? findJobNote(run, current);
    const judged =
      verdict.state === 'done' && ended
        ? judgeStepLog(run, current.step, await readers.log(ended), turn)
        : turn;
    return whileClosed(run, current, readers, judged);
  };

/** Before anything else, other Jobs are ended and the place is closed. */
const whileClosed = async (
  run: RestoreRun,
  current: CurrentStep,
  readers: TurnReaders,
  turn: StepTurn,
): Promise<StepTurn> => {
  const ended = await withoutOtherJobs(run, current, readers, turn);
  return keepClosed(run, await readers.place(), current.step, ended);
};

const withoutOtherJobs = async (
  run: RestoreRun,
  current: CurrentStep,
  readers: TurnReaders,
  turn: StepTurn,
): Promise<StepTurn> => {
  const own = findJobNote(run, current);
  const notes = listLiveJobs(run).filter(({ name }) => name !== own?.name);
  const seen = await Promise.all(notes.map(async (note) => (await readers.job(note)).job));
  const jobs = new Map(seen.flatMap((job): [string, Job][] => (job ? [[job.name, job]] : [])));
  return endOtherJobs(run, current, jobs, turn);
};

const takeToolTurn = takeJobTurn(RESTORE_CONTAINERS.restore);

/** The archive is looked at right before what would be done in vain without it; a native set has none. */
const whileArchived: (...of: [...Parameters<Taker>, StepTurn]) => Promise<StepTurn> = async (
  run,
  current,
  readers,
  turn,
) => (run.plan.native ? turn : demandArchive(await readers.archive(), current, turn));

const FORWARD: Readonly<Record<RestoreStep, Taker>> = {
  'safety-backup': async (_, __, readers) => safetyTurn(await readers.safety()),
  'suspend-schedules': async (run, _, readers) => suspendTurn(run, await readers.place()),
  quiesce: async (run, current, readers) => {
    const turn = quiesceTurn(run, await readers.place(), current.since);
    const isOpen = !run.touched.some(({ step }) => step === 'quiesce');
    // Nobody is locked out for an archive that has gone while the safety backup was made.
    return isOpen && turn.changes.length > 0 ? whileArchived(run, current, readers, turn) : turn;
  },
  'restore-secrets': async (run, current, readers) =>
    whileClosed(run, current, readers, secretsTurn(run, await readers.secrets(), current.since)),
  'restore-job': async (run, current, readers) => {
    const turn = await takeToolTurn(run, current, readers);
    const isToBeMade = turn.verdict.state === 'act' && turn.changes.length === 0;
    return isToBeMade ? whileArchived(run, current, readers, turn) : turn;
  },
  'put-back-secrets': async (run, current, readers) => {
    const turn = secretsBackTurn(run, await readers.secrets(), 'put-back-secrets', current.since);
    return whileClosed(run, current, readers, turn);
  },
  'put-back-job': takeToolTurn,
  'put-back-objects': async (run, current, readers) => {
    const turn = run.plan.native
      ? await takeVersionsTurn(run, current, readers)
      : objectsTurn(await readers.copiedBack());
    return whileClosed(run, current, readers, turn);
  },
  // Nothing is closed yet.
  'restore-database': takeDatabaseTurn,
  'swap-database': async (run, current, readers) =>
    whileClosed(run, current, readers, await takeDatabaseTurn(run, current, readers)),
  'put-back-database': async (run, current, readers) =>
    whileClosed(run, current, readers, await takeDatabaseTurn(run, current, readers)),
  'remove-database': async (run, current, readers) =>
    whileClosed(run, current, readers, await takeDatabaseTurn(run, current, readers)),
  'restore-objects': async (run, current, readers) =>
    whileClosed(run, current, readers, await takeVersionsTurn(run, current, readers)),
  'restore-repositories': takeToolTurn,
  analyse: takeJobTurn(RESTORE_CONTAINERS.analyse),
  check: takeJobTurn(RESTORE_CONTAINERS.check),
  open: async (run, current, readers) => {
    const turn = setBackTurn(run, await readers.place(), ['scaled', 'paused', 'suspended']);
    return withoutOtherJobs(run, current, readers, turn);
  },
  probe: (_, { since }, readers) => readers.probe(since),
  runners: (_, { since }, readers) => readers.runners(since),
};
