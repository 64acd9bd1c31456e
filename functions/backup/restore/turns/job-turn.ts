import type { RestoreJobNote, RestoreRun } from '../../../records/backup/restore.ts';
import type { Job } from '../../../records/kubernetes-job.ts';
import type { Pod } from '../../../records/workload.ts';
import { judgeBackupJob } from '../../job/job-verdict.ts';
import { hasEnded } from '../../job/running-backups.ts';
import type { CurrentStep } from '../run-steps.ts';
import { act, done, failed, plainTurn, type StepTurn, type StepVerdict, waitFor } from '../step-turn.ts';

/**
 * Seconds until the next look at a Job that runs for so many seconds: at first often, since many steps are short; of a
 * restore of two days about 1,700 looks, so that the history of its execution stays below its limit of 25,000 events.
 */
export const lookSeconds = (running: number): number =>
  LOOKS.find(({ below }) => running < below)?.seconds ?? LONGEST_LOOK;

const LOOKS = [
  { below: 30, seconds: 2 },
  { below: 120, seconds: 5 },
  { below: 3_600, seconds: 30 },
  { below: 6 * 3_600, seconds: 60 },
];
const LONGEST_LOOK = 120;

/** A pod outlives its Job by its grace period, 30 seconds where nobody says more; until then it may still write. */
const GRACE_SECONDS = 45;

export interface SeenJob {
  readonly job: Job | undefined;
  readonly pods: readonly Pod[];
  readonly now: Date;
}

type Attempt = Pick<CurrentStep, 'way' | 'step' | 'attempt'>;

/** The note of the Job that belongs to the attempt at hand; undefined before one was written down. */
export const findJobNote = (
  { jobs }: Pick<RestoreRun, 'jobs'>,
  { way, step, attempt }: Attempt,
): RestoreJobNote | undefined =>
  jobs.find((one) => one.way === way && one.step === step && one.attempt === attempt);

/**
 * Has the Job of a step made once, and follows it to its end. One that was written down and never seen is made; one
 * that was seen and is gone has failed, since somebody deleted it. One that has failed and would go on, since no node
 * takes it yet, is deleted before the failure counts: it must not begin while people think that it is over.
 *
 * @param wanted where the Job is to be made, with its name.
 * @param container that does the work.
 */
export const jobTurn = (
  run: Pick<RestoreRun, 'jobs'>,
  current: Attempt,
  wanted: Pick<RestoreJobNote, 'namespace' | 'name'>,
  seen: SeenJob,
  container: string,
): StepTurn => {
  const note = findJobNote(run, current);
  const { job, pods, now } = seen;
  const at = now.toISOString();
  if (!note || (!job && note.uid === undefined && note.end === undefined)) {
    const { way, step, attempt } = current;
    const made = note ?? { way, step, attempt, ...wanted, notedAt: at, pieces: 0 };
    return { ...plainTurn(act(`starts Job ${wanted.name}`)), job: made };
  }
  if (note.end !== undefined) return awaitEnd(note, seen);
  const seenNote = job ? { ...note, uid: job.uid } : note;
  const verdict = judgeBackupJob(job, pods, now, container);
  if (verdict.state === 'waiting' || verdict.state === 'running') {
    const since = verdict.state === 'running' ? Date.parse(verdict.since) : now.getTime();
    const seconds = lookSeconds((now.getTime() - since) / 1_000);
    return { ...plainTurn(waitFor(seconds, `Job ${note.name}: ${verdict.state}`)), job: seenNote };
  }
  const end = verdict.state === 'succeeded' ? SUCCEEDED : `${verdict.message} ${verdict.remedy}`;
  const ended = { ...seenNote, end, endedAt: at };
  return verdict.isLeft && job
    ? {
        ...plainTurn(act(`deletes Job ${note.name}, which would go on`)),
        changes: [deletion(job)],
        job: ended,
      }
    : { ...plainTurn(sayEnd(ended)), job: ended };
};

const SUCCEEDED = 'succeeded';

const sayEnd = ({ name, end }: Pick<RestoreJobNote, 'name' | 'end'>): StepVerdict =>
  end === SUCCEEDED ? done(`Job ${name} has ended`) : failed(`Job ${name}: ${end}`);

const deletion = ({ namespace, name, uid }: Job): StepTurn['changes'][number] => ({
  deed: 'deleted',
  object: { namespace, name, uid },
});

/** Its end is known; it counts when nothing of it can write any more. */
const awaitEnd = (note: RestoreJobNote, { job, now }: SeenJob): StepTurn => {
  const isOver = !job || hasEnded(job);
  if (!isOver && !job.deleting) {
    return { ...plainTurn(act(`deletes Job ${note.name}, which would go on`)), changes: [deletion(job)] };
  }
  const age = now.getTime() - Date.parse(note.endedAt ?? note.notedAt);
  if (!isOver || (!job && age < GRACE_SECONDS * 1_000)) {
    return plainTurn(waitFor(10, `waits for the pod of Job ${note.name} to end`));
  }
  return plainTurn(sayEnd(note));
};

/**
 * Ends Jobs of another attempt or way that may still write, before anything else is done: an execution can die while
 * the tool runs, and a person can choose another way meanwhile.
 *
 * @param seen Jobs that were noted without an end, by their names.
 * @param turn of the step at hand; it stands when there is none.
 */
export const endOtherJobs = (
  run: Pick<RestoreRun, 'jobs'>,
  current: Attempt,
  seen: ReadonlyMap<string, Job>,
  turn: StepTurn,
): StepTurn => {
  const own = findJobNote(run, current);
  const others = listLiveJobs(run).filter(({ name }) => name !== own?.name);
  const live = others.flatMap(({ name }) => {
    const job = seen.get(name);
    return job && !hasEnded(job) ? [job] : [];
  });
  if (live.length === 0) return turn;
  const names = live.map(({ name }) => name).join(', ');
  const going = live.filter(({ deleting }) => !deleting);
  return going.length === 0
    ? plainTurn(waitFor(10, `waits for the end of ${names}`))
    : { ...plainTurn(act(`ends ${names}`)), changes: going.map(deletion) };
};

/** Jobs of which no end was noted. */
export const listLiveJobs = ({ jobs }: Pick<RestoreRun, 'jobs'>): readonly RestoreJobNote[] =>
  jobs.filter(({ end }) => end === undefined);
