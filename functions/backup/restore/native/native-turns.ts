import type { RestoreFinding, RestoreRun } from '../../../records/backup/restore.ts';
import { isOfDrill } from '../run-rest.ts';
import type { CurrentStep } from '../run-steps.ts';
import { act, done, failed, plainTurn, type StepTurn, waitFor } from '../step-turn.ts';
import { isOfTry, type RestoreDatabaseFact, type RestoreVersionsFact } from './native-facts.ts';

/** What the steps of a native set come to, by what was left of the last look at them. */

export interface NativeLook {
  readonly now: Date;
  readonly database: RestoreDatabaseFact | undefined;
  readonly versions: RestoreVersionsFact | undefined;
}

type At = Pick<RestoreRun, 'choices' | 'plan'>;

/** Seconds between two looks at a database: RDS takes minutes for whatever it does. */
const LOOK_SECONDS = 30;
/** A look that is younger has just been taken. Below the pause between two. */
const FRESH_MS = 20_000;

/** Has the database looked at, again and again, until RDS has done what the step is. */
export const databaseTurn = (
  run: At,
  current: CurrentStep,
  { now, database: fact }: NativeLook,
): StepTurn => {
  if (!fact || !isOfTry(fact, run, current)) return plainTurn(act('looks at the database'));
  const { state, message, readAt } = fact;
  if (state === 'failed') return plainTurn(failed(message));
  if (state === 'done') return plainTurn(done(message), findingsOf(run, current));
  const isFresh = now.getTime() - Date.parse(readAt) < FRESH_MS;
  return plainTurn(isFresh ? waitFor(LOOK_SECONDS, message) : act(message));
};

/** The database of before is kept, and nobody but a person deletes it; it costs as much as the new one meanwhile. */
const findingsOf = ({ plan }: At, { step, back }: CurrentStep): RestoreFinding[] => {
  const database = plan.native?.database;
  if (database === undefined || back || step === 'restore-database') return [];
  // Behind that of a drill nothing stays.
  if (isOfDrill({ plan })) return [];
  const left = step === 'swap-database' ? database.kept : database.interim;
  const which = step === 'swap-database' ? 'of before' : 'of the backup';
  const message = `The database ${which} stays as the instance ${left}, and costs what it costs until somebody deletes it.`;
  return [{ step, check: 'database-beside', result: 'warn', message }];
};

/** The instance that was made is of no use any more, and nothing of ours may delete one. */
export const leaveDatabase = ({ plan }: Pick<RestoreRun, 'plan'>): StepTurn => {
  const interim = plan.native?.database?.interim ?? '';
  return plainTurn(done(`the instance ${interim}, where RDS has made it, stays until somebody deletes it`));
};

/** Has the objects go back, slice by slice. */
export const versionsTurn = (run: At, current: CurrentStep, { versions: fact }: NativeLook): StepTurn => {
  const buckets = run.plan.native?.buckets ?? [];
  if (!fact || !isOfTry(fact, run, current)) return plainTurn(act('looks at the objects'));
  const { keys, copied, marked, isDone, failed: bad } = fact;
  const isCopy = buckets.some(({ into }) => into !== undefined);
  const what = isCopy
    ? `${copied} objects were copied`
    : `${copied} got another version, ${marked} a delete marker`;
  const count = `${keys} keys of ${buckets.length} buckets were looked at: ${what}`;
  if (!isDone) return plainTurn(act(count));
  return plainTurn(bad ? failed(`${bad.count} objects could not be set back: ${bad.why}`) : done(count));
};
