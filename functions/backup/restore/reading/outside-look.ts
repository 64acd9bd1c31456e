import type { CloneAnswer } from '../../../clients/gitlab/clone.ts';
import type { RunnersAnswer } from '../../../clients/gitlab/runners.ts';
import type { ScalableWorkload } from '../../../clients/kubernetes-scaling.ts';
import type { RestoreFinding } from '../../../records/backup/restore.ts';
import { describeRunners, findReturned, RETURN_MINUTES, type RunnerTimes } from '../checks/runner-return.ts';
import { done, failed, plainTurn, type StepTurn, waitFor } from '../step-turn.ts';

/** Looks at a GitLab that was just opened, as people and runners see it. */

/** Minutes for web pods to start and to answer; the chart allows them several. */
const OPENING_MINUTES = 15;
const LOOK_SECONDS = 5;

export interface OutsideSources {
  /** Where people open it; undefined for a place that nobody reaches from outside. */
  readonly url: string | undefined;
  readonly signIn: (url: string) => Promise<boolean>;
  readonly clone: (url: string) => Promise<CloneAnswer>;
  /** Undefined where drydock.yaml names no token by which runners could be seen. */
  readonly runners: ((url: string) => Promise<RunnersAnswer>) | undefined;
}

/** Sign-in page and a clone. It is waited for; what is not there in time is told, and closes nothing. */
export const lookFromOutside = async (
  { url, signIn, clone }: Pick<OutsideSources, 'url' | 'signIn' | 'clone'>,
  workloads: readonly ScalableWorkload[],
  since: string | undefined,
  now: Date,
): Promise<StepTurn> => {
  const rising = workloads.filter(({ replicas, isSettled }) => replicas > 0 && !isSettled);
  const isLate = minutesSince(since, now) >= OPENING_MINUTES;
  const names = rising.map(({ name }) => name).join(', ');
  if (rising.length > 0 && !isLate) return plainTurn(waitFor(LOOK_SECONDS, `waits for pods of ${names}`));
  const health: RestoreFinding =
    rising.length === 0
      ? finding('health', 'pass', 'As many pods run as are wanted.')
      : finding('health', 'fail', `After ${OPENING_MINUTES} minutes pods do not run: ${names}.`);
  if (url === undefined) {
    const why = 'drydock.yaml names no address of it.';
    return plainTurn(done('nobody reaches it from outside'), [
      health,
      finding('sign-in', 'not-checked', `The sign-in page was not looked at: ${why}`),
      finding('clone', 'not-checked', `Nothing was cloned: ${why}`),
    ]);
  }
  if (standsStill(workloads)) {
    const why = 'its web pods stood at 0 before and do again.';
    return plainTurn(done('it stands at 0, as before'), [
      health,
      finding('sign-in', 'not-checked', `The sign-in page was not looked at: ${why}`),
      finding('clone', 'not-checked', `Nothing was cloned: ${why}`),
    ]);
  }
  if (!(await signIn(url))) {
    if (!isLate) return plainTurn(waitFor(LOOK_SECONDS, `waits for the sign-in page of ${url}`));
    const late = `After ${OPENING_MINUTES} minutes the sign-in page of ${url} does not answer.`;
    return { ...plainTurn(failed(late)), findings: [health] };
  }
  const cloned = await clone(url);
  if (cloned.state === 'failed' && !isLate) {
    return plainTurn(waitFor(LOOK_SECONDS, `waits for Git: ${cloned.why}`));
  }
  return plainTurn(done('it was looked at from outside'), [
    health,
    finding('sign-in', 'pass', `The sign-in page of ${url} answers.`),
    describeClone(cloned),
  ]);
};

const standsStill = (workloads: readonly ScalableWorkload[]): boolean => {
  const web = workloads.filter(({ podLabels }) => podLabels['app'] === 'webservice');
  return web.length > 0 && web.every(({ replicas }) => replicas === 0);
};

const describeClone = (answer: CloneAnswer): RestoreFinding => {
  if (answer.state === 'answered') return finding('clone', 'pass', `${answer.project} can be cloned.`);
  if (answer.state === 'denied') {
    const why = `the token of environments.gitlab is not let in (${answer.why}); one that is younger than the backup is unknown now`;
    return finding('clone', 'not-checked', `Nothing was cloned: ${why}. Clone something yourself.`);
  }
  return answer.state === 'no-project'
    ? finding(
        'clone',
        'not-checked',
        'Nothing was cloned: strangers see no project. Write project and token into environments.gitlab of drydock.yaml, or clone one yourself.',
      )
    : finding('clone', 'fail', `A clone gets no answer: ${answer.why}.`);
};

const finding = (check: string, result: RestoreFinding['result'], message: string): RestoreFinding => ({
  step: 'probe',
  check,
  result,
  message,
});

/**
 * Runners of the same namespace, which verify themselves with GitLab when they start and stop when it does not know
 * them. Those elsewhere nobody sees here.
 *
 * Source: GitLab Runner documentation, "Kubernetes", labels of its chart.
 */
export const lookAtRunners = (
  workloads: readonly ScalableWorkload[],
  since: string | undefined,
  now: Date,
): StepTurn => {
  const runners = workloads.filter(
    ({ podLabels, replicas }) => replicas > 0 && /gitlab-runner/.test(podLabels['app'] ?? ''),
  );
  const say = (result: RestoreFinding['result'], message: string): RestoreFinding => ({
    step: 'runners',
    check: 'runners',
    result,
    message,
  });
  if (runners.length === 0) {
    const message =
      'No runner runs in this namespace; look at Admin, CI/CD, Runners whether they are back, or write a token of an administrator into environments.gitlab of drydock.yaml.';
    return plainTurn(done('there is no runner here'), [say('not-checked', message)]);
  }
  const down = runners.filter(({ isSettled }) => !isSettled).map(({ name }) => name);
  if (down.length === 0) {
    return plainTurn(done('runners run'), [
      say('pass', `Runners run: ${runners.map(({ name }) => name).join(', ')}.`),
    ]);
  }
  return minutesSince(since, now) < OPENING_MINUTES
    ? plainTurn(waitFor(LOOK_SECONDS, `waits for ${down.join(', ')}`))
    : plainTurn(failed(`runners do not come up: ${down.join(', ')}; the backup may not know their tokens`));
};

/**
 * The same with what GitLab itself knows of its runners, wherever they run; where it can be asked, that alone tells of
 * those that are not in this namespace.
 */
export const lookAtAllRunners = async (
  { url, runners }: Pick<OutsideSources, 'url' | 'runners'>,
  workloads: readonly ScalableWorkload[],
  { since, ...times }: RunnerTimes & { readonly since: string | undefined },
  now: Date,
): Promise<StepTurn> => {
  const here = lookAtRunners(workloads, since, now);
  if (url === undefined || runners === undefined || here.verdict.state !== 'done' || standsStill(workloads)) {
    return here;
  }
  const answer = await runners(url);
  const isEarly = minutesSince(since, now) < RETURN_MINUTES;
  if (isEarly && answer.state === 'failed')
    return plainTurn(waitFor(LOOK_SECONDS, `asks again: ${answer.why}`));
  const missing = answer.state === 'listed' ? findReturned(answer.runners, times).missing : [];
  if (isEarly && missing.length > 0) {
    return plainTurn(waitFor(LOOK_SECONDS, `waits for ${missing.length} runners to come back`));
  }
  const local = here.findings.filter(({ result }) => result !== 'not-checked');
  return { ...here, findings: [...local, describeRunners(answer, times)] };
};

const minutesSince = (since: string | undefined, now: Date): number =>
  since === undefined ? 0 : (now.getTime() - Date.parse(since)) / 60_000;
