import type { RestoreJobNote, RestoreRun } from '../../records/backup/restore.ts';
import type { TouchedObject } from '../../records/backup/restore-touched.ts';
import { keyOf, type Mark, type StepTurn } from './step-turn.ts';

/** What a turn adds to the record of its run; the same turn twice adds nothing more. */

/**
 * Writes notes, marks, the Job and findings of a turn into the record. Of an object that was noted once, the first note
 * stays: at a second look it is as we left it.
 */
export const applyTurn = (run: RestoreRun, turn: Omit<StepTurn, 'verdict'>, now: Date): RestoreRun => {
  const known = new Set(run.touched.map(keyOf));
  const added = turn.notes.filter((note) => !known.has(keyOf(note)));
  const marks = new Map(turn.marks.map((mark) => [mark.key, mark]));
  return {
    ...run,
    touched: [...run.touched, ...added].map((one) => markObject(one, marks.get(keyOf(one)), now)),
    ...(turn.safetySet ? { safetySet: turn.safetySet } : {}),
    jobs: turn.job ? noteJob(run.jobs, turn.job) : run.jobs,
    findings: [
      ...run.findings.filter(
        ({ step, check }) => !turn.findings.some((one) => one.step === step && one.check === check),
      ),
      ...turn.findings,
    ],
  };
};

const markObject = (touched: TouchedObject, mark: Mark | undefined, now: Date): TouchedObject => {
  if (!mark) return touched;
  const at = now.toISOString();
  if (mark.mark === 'done') return { ...touched, doneAt: touched.doneAt ?? at };
  if (mark.mark === 'undone') {
    if (touched.undoneAt !== undefined) return touched;
    return { ...touched, undoneAt: at, ...(mark.left === undefined ? {} : { left: mark.left }) };
  }
  const { undoneAt: _, left: __, doneAt: ___, ...rest } = touched;
  return rest;
};

/** A Job is one by its name; a uid and an end that were seen once stay. */
const noteJob = (jobs: readonly RestoreJobNote[], job: RestoreJobNote): RestoreJobNote[] =>
  jobs.some(({ name }) => name === job.name)
    ? jobs.map((one) => (one.name === job.name ? { ...one, ...job } : one))
    : [...jobs, job];
