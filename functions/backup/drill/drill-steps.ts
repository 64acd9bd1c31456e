import type { DrillRun, DrillStep, DrillStepState } from '../../records/backup/drill.ts';

/** The steps of a drill in their order, and where one stands. */

export const REHEARSAL: readonly DrillStep[] = [
  'look-apart',
  'probe-open',
  'close-network',
  'probe-closed',
  'wake',
  'restore',
  'check',
];

/**
 * The way out. Storages have to be awake to be emptied, so they go to sleep behind that, and nobody reads Secrets any more
 * while those of the place come back; the network is opened last of all, when there is nothing left that could get out.
 */
export const DESTRUCTION: readonly DrillStep[] = ['look-again', 'empty', 'sleep', 'give-back', 'remove'];

const waiting = (step: DrillStep): DrillStepState => ({ step, state: 'waiting', failures: 0, message: '' });

/** All steps of a drill that begins. */
export const openDrillSteps = (): DrillStepState[] => [...REHEARSAL, ...DESTRUCTION].map(waiting);

const isOpen = ({ state }: DrillStepState): boolean => state === 'waiting' || state === 'running';

/** The step at which a drill stands; undefined when it has come to its end. */
export const findDrillStep = ({
  way,
  steps,
}: Pick<DrillRun, 'way' | 'steps'>): DrillStepState | undefined => {
  const order = way === 'rehearse' ? REHEARSAL : DESTRUCTION;
  return steps.find((one) => order.includes(one.step) && isOpen(one));
};

export const stateOfStep = (
  { steps }: Pick<DrillRun, 'steps'>,
  step: DrillStep,
): DrillStepState | undefined => steps.find((one) => one.step === step);

export const stateOf = (run: Pick<DrillRun, 'steps'>, step: DrillStep): DrillStepState['state'] | undefined =>
  stateOfStep(run, step)?.state;

export const changeDrillStep = (
  run: DrillRun,
  step: DrillStep,
  change: Partial<Omit<DrillStepState, 'step'>>,
): DrillRun => ({
  ...run,
  steps: run.steps.map((one) => (one.step === step ? { ...one, ...change } : one)),
});

/** Data may lie in the place, or a restore may still put some there. */
export const mayHoldData = ({ filledAt, emptiedAt }: Pick<DrillRun, 'filledAt' | 'emptiedAt'>): boolean =>
  filledAt !== undefined && (emptiedAt === undefined || Date.parse(emptiedAt) < Date.parse(filledAt));
