import type { RestoreRun, RestoreStepState, RestoreWay } from '../../records/backup/restore.ts';
import type { RestorePlan, RestoreStep } from '../../records/backup/restore-plan.ts';
import { DefectError } from '../../runtime/errors.ts';
import { listNativeGivenBack, listNativeWayBack } from './native/native-steps.ts';

/** Which step a run is at, by what its record says. */

type ForwardWay = RestoreStepState['way'];

/** Ways that somebody else decides on: a person, or the drill that a restore belongs to. */
type ChosenWay = Exclude<ForwardWay, 'restore'>;

/** Their steps; those of a restore stand in its plan. */
const CHOSEN: Readonly<Record<ChosenWay, (plan: Pick<RestorePlan, 'native'>) => readonly RestoreStep[]>> = {
  'put-back': ({ native }) => [
    'put-back-secrets',
    ...(native ? listNativeWayBack(native) : TAR_WAY_BACK),
    'check',
    'open',
    'probe',
    'runners',
  ],
  open: () => ['open', 'probe', 'runners'],
  'give-back': ({ native }) => [...(native ? listNativeGivenBack(native) : []), 'put-back-secrets'],
};
const TAR_WAY_BACK: readonly RestoreStep[] = ['put-back-job', 'put-back-objects', 'analyse'];

export interface CurrentStep {
  readonly way: RestoreWay;
  readonly step: RestoreStep;
  readonly attempt: number;
  /** When this attempt began; undefined before. */
  readonly since: string | undefined;
  /** Is it being undone? */
  readonly back: boolean;
}

/** The states of the steps of a way, nothing of it done yet. */
export const openSteps = (way: ForwardWay, steps: readonly RestoreStep[]): RestoreStepState[] =>
  steps.map((step) => ({ way, step, state: 'waiting', attempt: 1, seconds: 0, message: '' }));

/** The step at hand; undefined when the way is at its end, or nothing is under way. */
export const findCurrentStep = ({ state, way, steps }: RestoreRun): CurrentStep | undefined => {
  if (state !== 'under-way') return undefined;
  if (way === 'undo') {
    const last = steps.findLast(
      (one) => one.way === 'restore' && ['running', 'done', 'failed'].includes(one.state),
    );
    return last && { way, step: last.step, attempt: last.attempt, since: last.startedAt, back: true };
  }
  const next = steps.find((one) => one.way === way && one.state !== 'done');
  return next && { way, step: next.step, attempt: next.attempt, since: next.startedAt, back: false };
};

/** Has this step of the way at hand been done? */
export const isDone = ({ way, steps }: Pick<RestoreRun, 'way' | 'steps'>, step: RestoreStep): boolean =>
  steps.some((one) => one.way === way && one.step === step && one.state === 'done');

/** Changes the state of one step. A step that is undone belongs to the way `restore`. */
export const changeStep = (
  run: RestoreRun,
  { way, step }: Pick<CurrentStep, 'way' | 'step'>,
  changes: Partial<RestoreStepState>,
): RestoreRun => {
  const own = way === 'undo' ? 'restore' : way;
  if (!run.steps.some((one) => one.way === own && one.step === step)) {
    throw new DefectError('restore.no-step', `The way ${own} of ${run.id} has no step ${step}.`);
  }
  const steps = run.steps.map((one) => (one.way === own && one.step === step ? { ...one, ...changes } : one));
  return { ...run, steps };
};

/** Has a run take a way that somebody has decided on; what failed on it before is tried once more. */
export const enterWay = (run: RestoreRun, way: ChosenWay): RestoreRun => {
  const isKnown = run.steps.some((one) => one.way === way);
  const steps = isKnown ? run.steps : [...run.steps, ...openSteps(way, CHOSEN[way](run.plan))];
  return { ...run, way, state: 'under-way', steps: steps.map((one) => (one.way === way ? again(one) : one)) };
};

/** The next attempt of a step that was begun and not done. */
export const again = (state: RestoreStepState): RestoreStepState => {
  if (state.state !== 'failed') return state;
  const { startedAt: _, endedAt: __, ...rest } = state;
  return { ...rest, state: 'waiting', attempt: state.attempt + 1, message: '' };
};
