import type * as z from 'zod';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type Locks, openLocks } from '../clients/locks.ts';
import type { RestoreRun } from '../records/backup/restore.ts';
import { RestoreChoiceAnswer } from '../records/backup/restore-choice.ts';
import { findPlaceholders } from '../rules/answer-placeholders.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './accept-restore-choice.contract.ts';
import { applyChoice, judgeChoice } from './restore/choice.ts';
import { holdPlace } from './restore/reading/place-locks.ts';
import { readRun, saveRun } from './restore/reading/run-record.ts';

interface Deps {
  readonly ledger: Pick<Ledger, 'read' | 'change'>;
  readonly locks: Locks;
  readonly clock: Clock;
}

type Output = z.input<typeof contract.Output>;

/**
 * Judges the answer to the page and has the restore go where the person wants it. Whatever is no choice for this
 * restore, now and by somebody with a name, changes nothing and is asked for again.
 */
export const run = async (
  { execution, restore, answer }: z.output<typeof contract.Input>,
  { ledger, locks, clock }: Deps,
): Promise<Output> => {
  const { value: held, etag } = await readRun(ledger, restore);
  if (held.execution.arn !== execution.arn) return refuse(`${held.execution.name} carries this restore now`);
  const left = findPlaceholders(answer);
  if (left.length > 0) return refuse(`say ${left.join(' and ')} in your own words, in place of <...>`);
  if (wasTaken(held, answer)) return { outcome: 'chosen', reasons: [] };
  const verdict = judgeChoice(answer, held);
  if (!verdict.ok) return refuse(verdict.reason);
  if (!(await holdPlace(held, restore.place, locks))) return refuse('another execution has taken the place');
  await saveRun(ledger, restore.place, etag, applyChoice(held, verdict.choice, clock.now()));
  const { by, choice } = verdict.choice;
  return { outcome: 'chosen', reasons: [`${by} chose ${choice}`] };
};

/** A stranger's text may be of any length. */
const refuse = (reason: string): Output => ({ outcome: 'refused', reasons: [reason.slice(0, 500)] });

/** A repeat of this step, whose first try wrote it. */
const wasTaken = ({ state, outcome, choices }: RestoreRun, answer: unknown): boolean => {
  const last = choices.at(-1);
  const said = RestoreChoiceAnswer.safeParse(answer).data;
  const isPast = state === 'under-way' || outcome === 'abandoned';
  return isPast && last?.choice === said?.choice && last?.by === said?.by && said !== undefined;
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }): Deps => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return { ledger, locks: openLocks(ledger, systemClock), clock: systemClock };
  },
  run,
});
