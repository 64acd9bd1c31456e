import type { DrillRun } from '../../records/backup/drill.ts';
import type { LastDrill } from '../../records/backup/last-drill.ts';
import type { RestoreTarget } from '../../records/backup/restore-plan.ts';
import type { SetReference } from '../../records/backup/run.ts';
import type { Execution } from '../../records/execution.ts';
import { DESTRUCTION, findDrillStep, openDrillSteps, stateOf } from './drill-steps.ts';

/** How a drill begins, and what becomes of one that was left in the middle. */

/** A drill of which nothing was done yet. */
export const beginDrill = (
  { set, target, execution }: { set: SetReference; target: RestoreTarget; execution: Execution },
  now: Date,
): DrillRun => ({
  version: 1,
  id: execution.name,
  execution,
  environment: set.environment,
  set,
  target,
  way: 'rehearse',
  state: 'under-way',
  steps: openDrillSteps(),
  made: [],
  woken: [],
  findings: [],
  startedAt: now.toISOString(),
  left: [],
});

/**
 * What a new execution does about the drill before it. One that left something is taken up again to destroy it, and
 * nothing is rehearsed until that is done: a rehearsal on top of it would hide what is left.
 *
 * @returns undefined when a new drill may begin.
 */
export const takeUpDrill = (
  earlier: DrillRun | undefined,
  execution: Execution,
  now: Date,
): DrillRun | undefined => {
  if (!earlier || (earlier.state === 'ended' && earlier.left.length === 0)) return undefined;
  if (earlier.state === 'under-way' && earlier.execution.name === execution.name) return earlier;
  const { endedAt: _, outcome: __, ...rest } = earlier;
  const failure = earlier.failure ?? explainGone(earlier, now);
  return {
    ...rest,
    execution,
    way: 'destroy',
    state: 'under-way',
    ...(failure ? { failure } : {}),
    steps: openDrillSteps().map((fresh) =>
      DESTRUCTION.includes(fresh.step)
        ? fresh
        : (earlier.steps.find(({ step }) => step === fresh.step) ?? fresh),
    ),
    left: [],
  };
};

/** One whose rehearsal was over has failed in nothing: only its destruction is not done. */
const explainGone = (earlier: DrillRun, now: Date): DrillRun['failure'] => {
  if (earlier.state === 'ended' || stateOf(earlier, 'check') === 'done') return undefined;
  const running = earlier.steps.find(({ state }) => state === 'running')?.step;
  return {
    step: running ?? findDrillStep(earlier)?.step ?? 'look-apart',
    at: now.toISOString(),
    reasons: [`The execution ${earlier.execution.name} is gone, and left it in the middle.`],
  };
};

/** Notes a drill that has ended. A refused one says nothing about the backup, and is noted all the same. */
export const noteDrill = (last: LastDrill | undefined, run: DrillRun, now: Date): LastDrill => {
  const since = last?.since ?? run.startedAt;
  const { outcome, restore } = run;
  if (outcome === undefined) return { ...last, version: 1, environment: run.environment, since };
  const ended = {
    id: run.id,
    set: run.set,
    outcome,
    endedAt: run.endedAt ?? now.toISOString(),
    ...(restore?.recoverySeconds === undefined ? {} : { recoverySeconds: restore.recoverySeconds }),
  };
  return {
    ...last,
    version: 1,
    environment: run.environment,
    since,
    ended,
    ...(outcome === 'passed' ? { passed: ended } : {}),
  };
};

/**
 * Seconds since a restore was last rehearsed to a good end; without one, since drills are configured. A clock that is a
 * little behind makes an age of 0.
 */
export const ageOfLastDrill = ({ passed, since }: LastDrill, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - Date.parse(passed?.endedAt ?? since)) / 1000));
