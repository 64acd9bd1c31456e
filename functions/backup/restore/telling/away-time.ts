import type { RestoreRun } from '../../../records/backup/restore.ts';
import type { RestorePlan } from '../../../records/backup/restore-plan.ts';
import { sayDuration } from '../../telling/quantities.ts';

/** For how long people can not work: before a restore as a forecast, behind it as it was. */

/** The first step of a plan that takes GitLab away, and the one that brings it back. */
const CLOSING = 'quiesce';
const OPENING = 'open';

/**
 * What people will meet, for whoever approves the plan and tells them; empty for a place where nobody works. Times that
 * nothing tells are left out of the sum.
 */
export const foretellAway = ({ target, steps }: Pick<RestorePlan, 'target' | 'steps'>): string[] => {
  const first = steps.findIndex(({ step }) => step === CLOSING);
  const last = steps.findIndex(({ step }) => step === OPENING);
  if (target.kind === 'scratch' || first < 0 || last < first) return [];
  const closed = steps.slice(first, last + 1);
  const minutes = closed.reduce((sum, one) => sum + (one.minutes ?? 0), 0);
  const isKnown = closed.some(({ step, minutes: own }) => DATA_STEPS.includes(step) && own !== undefined);
  const time = isKnown ? `at least ${sayDuration(minutes * 60_000)}` : 'for a time that nothing tells yet';
  return [
    `GitLab is away from step ${first + 1} to step ${last + 1}, ${time}: people get an error page, and pushes and jobs fail. Tell them before you approve.`,
  ];
};

/** What takes by far the longest. */
const DATA_STEPS: readonly RestorePlan['steps'][number]['step'][] = ['restore-job', 'restore-database'];

interface AwayTime {
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
}

/**
 * When nobody could work: from the first replica that was taken away until pods ran again, or, where nobody saw that,
 * until they were asked for. Undefined as long as it is closed, and of a GitLab that stood at 0 before: it was away
 * already, and is so behind the restore.
 */
export const measureAway = (run: RestoreRun): AwayTime | undefined => {
  const { steps, startedAt } = run;
  const closing = steps.find(({ step }) => step === CLOSING);
  const to = closing?.state === 'undone' ? closing.endedAt : findOpened(run);
  if (to === undefined || stoodStill(run)) return undefined;
  return { from: closing?.startedAt ?? startedAt, to };
};

/**
 * How long it took, in milliseconds: `recovery` from its begin until people could work again, whichever executions
 * carried it; `closed` the part of it in which nobody could. Undefined as long as it has not been opened, and where
 * nobody could work before either.
 */
export const measureRestore = (
  run: RestoreRun,
): { readonly recovery: number; readonly closed: number } | undefined => {
  const away = measureAway(run);
  if (!away || findOpened(run) === undefined) return undefined;
  const end = Date.parse(away.to);
  return { recovery: end - Date.parse(run.startedAt), closed: end - Date.parse(away.from) };
};

/** When replicas are asked for, no page is there yet: the look from outside behind it waits until they answer. */
const findOpened = ({ steps, way, findings }: RestoreRun): string | undefined => {
  const done = (name: string) =>
    steps.find(({ way: own, step, state }) => own === way && step === name && state === 'done')?.endedAt;
  const opened = done(OPENING);
  const isSeen = !findings.some(({ step, result }) => step === 'probe' && result === 'fail');
  return opened === undefined || !isSeen ? opened : (done('probe') ?? opened);
};

/** Did its web pods stand at 0 before the restore? Source: GitLab chart 9 and 10, names of the webservice Deployments. */
const stoodStill = ({ touched, plan }: Pick<RestoreRun, 'touched' | 'plan'>): boolean => {
  const scaled = touched.flatMap((one) => (one.deed === 'scaled' ? [one] : []));
  const web = scaled.filter(({ object }) => object.name.startsWith(`${plan.target.release}-webservice`));
  const decisive = web.length > 0 ? web : scaled;
  return decisive.length > 0 && decisive.every(({ before }) => before.replicas === 0);
};

/** The same as lines of a report. */
export const describeAway = (run: RestoreRun): string[] => {
  if (findOpened(run) !== undefined && stoodStill(run)) {
    return [
      'Its web pods stood at 0 before and stand at 0 again: scale them up when people are to work there.',
    ];
  }
  const away = measureAway(run);
  if (!away) return [];
  const measured = measureRestore(run);
  const closed = sayDuration(Date.parse(away.to) - Date.parse(away.from));
  const when = `nobody could work for ${closed} (${away.from} to ${away.to})`;
  return [
    measured
      ? `Recovery took ${sayDuration(measured.recovery)}, of which ${when}.`
      : `${when.charAt(0).toUpperCase()}${when.slice(1)}.`,
  ];
};
