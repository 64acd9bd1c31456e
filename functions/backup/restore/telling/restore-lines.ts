import type { RestoreRun } from '../../../records/backup/restore.ts';
import type { RestorePlan } from '../../../records/backup/restore-plan.ts';
import { DESTRUCTIVE_STEPS } from '../../../records/backup/restore-plan.ts';
import type { TouchedObject } from '../../../records/backup/restore-touched.ts';
import { sayDuration } from '../../telling/quantities.ts';
import { saySize } from '../../verify/rules/rule.ts';
import { describeAway, foretellAway } from './away-time.ts';

/** A restore as lines for a person: before it, and behind it. */

/** The plan: what is restored, every step in its order, what it leaves alone, and what speaks against it. */
export const describeRestorePlan = (plan: RestorePlan): string[] => {
  const { set, target, takenAt, gitlabVersion, size, steps, skip, checks, quiesced, paused } = plan;
  const destroying = steps.find(({ step }) => DESTRUCTIVE_STEPS.includes(step))?.step;
  return [
    `Set ${set.id} of ${set.environment} (${set.policy}), as of ${takenAt}, GitLab ${gitlabVersion}${size === undefined ? '' : `, ${saySize(size)}`}.`,
    `Into ${target.kind === 'scratch' ? 'the scratch place' : target.environment}: namespace ${target.namespace} of ${target.cluster}.`,
    ...foretellAway(plan),
    ...steps.map(({ step, title, minutes }, index) => {
      const time = minutes === undefined ? '' : `, about ${minutes} min`;
      const note = step === destroying ? ' (from here on nothing is undone by itself)' : '';
      return `${index + 1}. ${title}${time}${note}`;
    }),
    ...(skip.length === 0 ? [] : [`Stays as it is: ${skip.join(', ')}.`]),
    ...(quiesced.length === 0
      ? []
      : [`Replicas now: ${quiesced.map(({ name, replicas }) => `${name} ${replicas}`).join(', ')}.`]),
    ...(paused.length === 0 ? [] : [`Paused for the time: ${paused.join(', ')}.`]),
    ...checks
      .filter(({ outcome }) => outcome !== 'pass')
      .map(({ code, outcome, message, remedy, override }) =>
        [
          `${outcome} ${code}: ${message}`,
          ...(remedy === undefined ? [] : [remedy]),
          ...(override === undefined ? [] : [`Passed over: ${override}`]),
        ].join(' '),
      ),
  ];
};

/** What of the backup lies where a run was left as it stands; of one that has come to another end, nothing. */
export const describeLeftData = ({ outcome, destructiveAt, plan }: RestoreRun): string[] => {
  if (outcome !== 'abandoned') return [];
  const { target, set, buckets } = plan;
  const where = `namespace ${target.namespace} of ${target.cluster}`;
  if (destructiveAt === undefined) return [`Nothing of the backup was written into ${where}.`];
  const objects = buckets.length === 0 ? '' : `, and in ${buckets.map(({ bucket }) => bucket).join(', ')}`;
  return [
    `Data of set ${set.id} lie in database and repositories of ${where}${objects}, whole or in part, since ${destructiveAt}.`,
  ];
};

/** What was done, a line each: times, steps, choices, findings, and every object that was touched. */
export const describeRestore = (run: RestoreRun): string[] => {
  return [
    ...describeAway(run),
    ...run.steps
      .filter(({ state }) => state !== 'waiting')
      .map(({ way, step, state, seconds, attempt, message }) => {
        const again = attempt > 1 ? `, attempt ${attempt}` : '';
        const where = way === 'restore' ? '' : `${way}: `;
        return `${where}${step} ${state} in ${sayDuration(seconds * 1_000)}${again}: ${message}`;
      }),
    ...run.choices.map(({ choice, by, why, at }) => `${by} chose ${choice} at ${at}: ${why}`),
    ...run.findings
      .filter(({ result }) => result !== 'pass')
      .map(({ result, message }) => `${result}: ${message}`),
    ...run.touched.map(describeTouched),
  ];
};

const describeTouched = (touched: TouchedObject): string => {
  const { object, doneAt, undoneAt, left } = touched;
  const end = left !== undefined ? `left: ${left}` : undoneAt === undefined ? 'not set back' : 'set back';
  const was = {
    scaled: () => (touched.deed === 'scaled' ? `scaled to 0 from ${touched.before.replicas}` : ''),
    paused: () => 'paused',
    suspended: () =>
      touched.deed === 'suspended' && touched.before.suspended ? 'suspended before already' : 'suspended',
    replaced: () => 'written from the set',
    restarted: () => 'restarted',
  }[touched.deed]();
  const tail =
    touched.deed === 'restarted' || (touched.deed === 'replaced' && undoneAt === undefined) ? '' : `, ${end}`;
  return `${object.kind} ${object.name}: ${was}${doneAt === undefined && undoneAt === undefined ? ' (not seen done)' : ''}${tail}`;
};
