import type { Executions } from '../../../clients/executions.ts';
import type { DrillRun } from '../../../records/backup/drill.ts';
import { placeOf } from '../../../records/backup/restore-plan.ts';
import { arnOfExecution, type DrillRestore, nameGiveBack, readRestoreEnd } from '../drill-restore.ts';
import { stateOfStep } from '../drill-steps.ts';
import type { DrillTurn } from '../drill-turn.ts';

/** Seconds until the next look; renaming and deleting a database takes minutes. */
const LOOK_SECONDS = 15;

interface GiveBackSources {
  /** ARN of the machine `restore`. */
  readonly machine: string;
  readonly executions: Pick<Executions, 'start' | 'describe'>;
}

/**
 * The turn `give-back`: has the machine of all restores give the place its own Secrets again, and its own database where
 * another one was made of a native set, which is deleted. Whoever carries a drill has no right to any of it. Its name stands
 * in the record before it is started, since that record is its approval; a try that failed is followed by another one.
 */
export const giveBackTurn = async (
  run: DrillRun,
  { record }: DrillRestore,
  { machine, executions }: GiveBackSources,
): Promise<DrillTurn> => {
  if (!record) return done('no restore has changed anything of the place');
  if (record.state === 'ended' && record.outcome === 'given-back') return GIVEN;
  const name = nameGiveBack(run, stateOfStep(run, 'give-back')?.failures ?? 0);
  const arn = arnOfExecution(machine, name);
  const execution = await executions.describe(arn);
  if (execution?.status === 'running') {
    const step = record.steps.find(({ way, state }) => way === 'give-back' && state === 'running');
    const message = step ? `gives back: ${step.step}, ${step.message}` : 'gives back';
    return { verdict: { state: 'wait', seconds: LOOK_SECONDS, message } };
  }
  if (execution) {
    // By what it gave itself: the record was read before it.
    const { outcome, reasons } = readRestoreEnd({ execution, record: undefined });
    if (outcome === 'given-back') return GIVEN;
    const what = `The place was not given back (${outcome ?? 'no end'}).`;
    return { verdict: { state: 'failed', reasons: [what, ...reasons] } };
  }
  return {
    verdict: { state: 'act', message: `starts ${name} of restore` },
    intend: (before) => ({ ...before, givesBack: { execution: arn } }),
    deed: async () => {
      const carryOn = { place: placeOf(run.target), id: record.id, giveBack: true };
      await executions.start({ machine, name, input: { carryOn } });
    },
  };
};

const done = (message: string): DrillTurn => ({ verdict: { state: 'done', message } });

const GIVEN = done('the place has its own database and Secrets again');
