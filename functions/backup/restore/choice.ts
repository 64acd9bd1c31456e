import type { RestoreRun } from '../../records/backup/restore.ts';
import {
  type RestoreChoice,
  RestoreChoiceAnswer,
  type RestoreChoiceWord,
} from '../../records/backup/restore-choice.ts';
import { DefectError } from '../../runtime/errors.ts';
import { leaveRun } from './run-rest.ts';
import { again, enterWay } from './run-steps.ts';

/** What a person may choose while a restore is held, and what comes of it. */

/**
 * What can be chosen now: a way back only where something leads there, and no way twice. Only a scratch can be left
 * closed: nobody waits for it.
 */
export const listChoices = ({
  way,
  state,
  safetySet,
  destructiveAt,
  plan,
}: RestoreRun): readonly RestoreChoiceWord[] => {
  if (state !== 'held') return [];
  const canPutBack = way !== 'put-back' && way !== 'undo' && safetySet !== undefined;
  return [
    'resume',
    ...(canPutBack && destructiveAt !== undefined ? (['put-back'] as const) : []),
    ...(way === 'open' ? [] : (['open-anyway'] as const)),
    ...(plan.target.kind === 'scratch' ? (['abandon'] as const) : []),
  ];
};

type ChoiceVerdict =
  | { readonly ok: true; readonly choice: Omit<RestoreChoice, 'at'> }
  | { readonly ok: false; readonly reason: string };

/** Is this answer a choice for this restore? It names the run, so that an answer to an older page does nothing. */
export const judgeChoice = (answer: unknown, run: RestoreRun): ChoiceVerdict => {
  const parsed = RestoreChoiceAnswer.safeParse(answer);
  const choices = listChoices(run);
  const form = `{"restore":"${run.id}","choice":"${choices.join(' | ')}","by":"<you>","why":"<why>"}`;
  if (!parsed.success) return { ok: false, reason: `the answer is no choice: it takes ${form}` };
  const { restore, choice, by, why } = parsed.data;
  if (restore !== run.id) {
    return { ok: false, reason: `${by} answered for the restore ${restore}, and this is ${run.id}` };
  }
  if (!choices.includes(choice)) {
    const can = choices.length === 0 ? 'it waits for no choice' : `it takes ${choices.join(', ')}`;
    return { ok: false, reason: `${choice} can not be chosen now: ${can}` };
  }
  return { ok: true, choice: { choice, by, why } };
};

/**
 * Has a held run go where a person wants it. A run that goes on already is given back as it is, so that a repeat of the
 * same answer does nothing.
 *
 * @throws DefectError `restore.choice` for what `judgeChoice` would not take.
 */
export const applyChoice = (run: RestoreRun, choice: Omit<RestoreChoice, 'at'>, now: Date): RestoreRun => {
  if (run.state !== 'held') return run;
  if (!listChoices(run).includes(choice.choice)) {
    throw new DefectError('restore.choice', `${choice.choice} can not be chosen for ${run.id}.`);
  }
  const chosen = { ...run, choices: [...run.choices, { ...choice, at: now.toISOString() }] };
  if (choice.choice === 'put-back') return enterWay(chosen, 'put-back');
  if (choice.choice === 'open-anyway') return enterWay(chosen, 'open');
  if (choice.choice === 'abandon') return leaveRun(chosen, now);
  const steps = chosen.steps.map((one) => (one.way === chosen.way ? again(one) : one));
  return { ...chosen, state: 'under-way', steps };
};
