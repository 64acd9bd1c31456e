import type { RestoreRun } from '../../../records/backup/restore.ts';
import type { Touched, TouchedObject } from '../../../records/backup/restore-touched.ts';
import { PAUSED_ANNOTATION } from '../autoscaling.ts';
import type { PlaceFacts } from '../place-facts.ts';
import { act, type Change, done, keyOf, type Mark, type StepTurn } from '../step-turn.ts';
import { refOf } from './quiesce-turn.ts';

/** What is set back by looking at the cluster alone; secrets have a rule of their own. */
type SetBackDeed = 'scaled' | 'paused' | 'suspended';

/** `change`: it still is as we left it. `settled`: nothing is to be done, and why where it is not as before. */
type Found = { readonly change: Change } | { readonly left?: string };

/**
 * Sets back exactly what was recorded, once: workloads first, then what scales them, then schedules. What somebody else
 * has changed meanwhile, or made anew, is his, and is said to be left.
 *
 * @param deeds which; an opening sets all of them back, an undone step its own.
 */
export const setBackTurn = (
  { touched }: Pick<RestoreRun, 'touched'>,
  facts: PlaceFacts,
  deeds: readonly SetBackDeed[],
): StepTurn => {
  const due = (['scaled', 'paused', 'suspended'] as const)
    .filter((deed) => deeds.includes(deed))
    .flatMap((deed) => touched.filter((one) => one.deed === deed && one.undoneAt === undefined));
  const found = due.map((one) => ({ key: keyOf(one), ...findChange(one, facts) }));
  const all = found.flatMap((one) => ('change' in one ? [one.change] : []));
  // Replicas first, in a turn of their own: an autoscaler that wakes up goes on from them.
  const scaled = all.filter(({ deed }) => deed === 'scaled');
  const changes = scaled.length > 0 ? scaled : all;
  const marks = found.flatMap((one): Mark[] =>
    'change' in one
      ? []
      : [{ key: one.key, mark: 'undone', ...(one.left === undefined ? {} : { left: one.left }) }],
  );
  const names = changes.map(({ object }) => object.name).join(', ');
  return {
    notes: [],
    marks,
    changes,
    findings: [],
    verdict: changes.length > 0 ? act(`sets back ${names}`) : done(describeEnd(touched, deeds)),
  };
};

const findChange = (touched: TouchedObject, facts: PlaceFacts): Found => {
  if (touched.deed === 'scaled') return findScaled(touched, facts);
  if (touched.deed === 'paused') return findPaused(touched, facts);
  return touched.deed === 'suspended' ? findSuspended(touched, facts) : {};
};

const findScaled = (
  { object, before, doneAt }: Touched<'scaled'>,
  { workloads, autoscalers }: PlaceFacts,
): Found => {
  const now = workloads.find(({ kind, name }) => kind === object.kind && name === object.name);
  if (now?.uid !== object.uid || now === undefined) return lost(object, now);
  if (now.replicas === before.replicas) return {};
  if (now.replicas === 0) {
    return {
      change: { deed: 'scaled', object: { kind: now.kind, ...refOf(now) }, replicas: before.replicas },
    };
  }
  const isAutoscaled = autoscalers.some(
    ({ target: { kind, name } }) => kind === now.kind && name === now.name,
  );
  // Never scaled by us, or on by an autoscaler from what we set: what stands there now is meant.
  return doneAt === undefined || isAutoscaled
    ? {}
    : { left: `${object.name} stands at ${now.replicas} replicas and not at ${before.replicas}` };
};

const findPaused = ({ object, before }: Touched<'paused'>, { autoscalers }: PlaceFacts): Found => {
  const now = autoscalers.find(({ kind, name }) => kind === object.kind && name === object.name);
  if (now?.uid !== object.uid || now === undefined) return lost(object, now);
  const isOurs = now.annotations[PAUSED_ANNOTATION] === 'true' && before.annotation !== 'true';
  return isOurs ? { change: { deed: 'paused', object: refOf(now), annotation: before.annotation } } : {};
};

const findSuspended = ({ object, before }: Touched<'suspended'>, { cronJobs }: PlaceFacts): Found => {
  const now = cronJobs.find(({ name }) => name === object.name);
  if (now?.uid !== object.uid || now === undefined) return lost(object, now);
  return now.suspended && !before.suspended
    ? { change: { deed: 'suspended', object: refOf(now), suspended: false } }
    : {};
};

const lost = ({ kind, name }: TouchedObject['object'], now: object | undefined): Found => ({
  left: now === undefined ? `${kind} ${name} is gone` : `${kind} ${name} was made anew by somebody else`,
});

const describeEnd = (touched: readonly TouchedObject[], deeds: readonly SetBackDeed[]): string => {
  const count = touched.filter(({ deed }) => deeds.some((one) => one === deed)).length;
  return count === 0 ? 'there was nothing to set back' : `${count} objects are as they were recorded`;
};
