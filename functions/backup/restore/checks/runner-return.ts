import type { RunnersAnswer, SeenRunner } from '../../../clients/gitlab/runners.ts';
import type { RestoreFinding } from '../../../records/backup/restore.ts';

/**
 * Which runners have come back. The restored GitLab itself knows who was in contact when the backup was made: nobody has
 * to have counted them before. One that was made after the backup is unknown to it, and nobody sees that here.
 */

/** A runner counts as online for so long behind its last contact. Source: GitLab, app/models/ci/runner.rb, ONLINE_CONTACT_TIMEOUT. */
const ONLINE_MS = 2 * 3_600_000;

/** Minutes that it is waited for; one that runs asks every few seconds. */
export const RETURN_MINUTES = 5;

export interface RunnerTimes {
  /** Of the backup. */
  readonly takenAt: string;
  readonly openedAt: string;
}

interface RunnerReturn {
  /** Asked for a job since GitLab was opened. */
  readonly back: readonly string[];
  /** Were in contact when the backup was made, or since, and are not back. */
  readonly missing: readonly string[];
}

/** Tells them apart; a runner that is paused, or was gone before, is expected by nobody. */
export const findReturned = (
  runners: readonly SeenRunner[],
  { takenAt, openedAt }: RunnerTimes,
): RunnerReturn => {
  const contact = ({ contactedAt }: SeenRunner): number =>
    contactedAt === undefined ? Number.NEGATIVE_INFINITY : Date.parse(contactedAt);
  const isBack = (one: SeenRunner): boolean => contact(one) >= Date.parse(openedAt);
  const wasThere = (one: SeenRunner): boolean =>
    !one.isPaused && contact(one) >= Date.parse(takenAt) - ONLINE_MS;
  const names = (all: readonly SeenRunner[]) => all.map(({ name }) => name).toSorted();
  return {
    back: names(runners.filter(isBack)),
    missing: names(runners.filter((one) => !isBack(one) && wasThere(one))),
  };
};

const TO_DO = 'Look at Admin, CI/CD, Runners whether they are back.';

/** What is told of it. Missing ones are no failure yet: a runner rests for up to an hour when GitLab was away. */
export const describeRunners = (answer: RunnersAnswer, times: RunnerTimes): RestoreFinding => {
  const say = (result: RestoreFinding['result'], message: string): RestoreFinding => ({
    step: 'runners',
    check: 'runners-known',
    result,
    message,
  });
  if (answer.state === 'denied') {
    return say(
      'not-checked',
      `The token of environments.gitlab does not see all runners (${answer.why}): it must be of an administrator and older than the backup. ${TO_DO}`,
    );
  }
  if (answer.state === 'failed') return say('not-checked', `Runners were not seen: ${answer.why}. ${TO_DO}`);
  const { back, missing } = findReturned(answer.runners, times);
  const partly = answer.isAll ? '' : ` Only ${answer.runners.length} of its runners were looked at.`;
  if (missing.length > 0) {
    return say(
      'not-checked',
      `${back.length} runners are back, and not yet: ${missing.slice(0, MAX_NAMES).join(', ')}${missing.length > MAX_NAMES ? ` and ${missing.length - MAX_NAMES} more` : ''}. A runner that met a GitLab that was away rests for up to an hour; look again then.${partly}`,
    );
  }
  if (back.length === 0) return say('not-checked', `GitLab knows no runner that should be there.${partly}`);
  return say(
    answer.isAll ? 'pass' : 'not-checked',
    `All ${back.length} runners that it knows are back.${partly}`,
  );
};

const MAX_NAMES = 10;
