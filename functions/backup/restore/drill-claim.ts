import { isDeepStrictEqual } from 'node:util';
import type { DrillRun } from '../../records/backup/drill.ts';
import { DRILL_RESTORE_PREFIX } from '../../records/backup/drill-limits.ts';
import { placeOf, type RestorePlan, type RestoreTarget } from '../../records/backup/restore-plan.ts';
import type { BackupSettings } from '../../records/configuration.ts';
import type { Execution } from '../../records/execution.ts';

/** What the record of a drill says of a restore: whether it is its own, and whether it is in its way. */

/** Stands in a run as who approved it. */
export const DRILL_APPROVAL = 'restore.drill of drydock.yaml';

interface DrillClaim {
  readonly execution: Pick<Execution, 'arn' | 'name'>;
  readonly plan: Pick<RestorePlan, 'set' | 'target'>;
  /** Id of the drill that it says it belongs to. */
  readonly drill: string;
}

/**
 * Judges a restore that says that it belongs to a drill. It is approved by drydock.yaml alone, so all of it must stand
 * in the record of that drill: this execution, this set, this place, and the proof that nothing gets out of it.
 *
 * @param run the drill that is on record for the environment of the set.
 * @returns sentences; none when nobody has to be asked.
 */
export const judgeDrillClaim = (
  { execution, plan, drill }: DrillClaim,
  run: DrillRun | undefined,
  { restore }: Pick<BackupSettings, 'restore'>,
): string[] => {
  const { environment } = plan.set;
  if (restore.drill === undefined) {
    return [`drydock.yaml has no restore.drill of ${environment}, so it approves no restore of a drill.`];
  }
  if (!execution.name.startsWith(DRILL_RESTORE_PREFIX)) {
    return [
      `${execution.name} was started by no drill: leave "drill" out, and somebody is asked for the approval.`,
    ];
  }
  if (run?.id !== drill) return [`There is no drill ${drill} of ${environment} under way.`];
  return [
    ...(run.state === 'under-way' && run.way === 'rehearse'
      ? []
      : [`The drill ${drill} rehearses nothing any more.`]),
    ...(run.proof?.state === 'closed'
      ? []
      : [`The drill ${drill} has not proven that nothing gets out of its place.`]),
    ...(isDeepStrictEqual(run.set, plan.set)
      ? []
      : [`The drill ${drill} rehearses set ${run.set.id}, and this is ${plan.set.id}.`]),
    ...(isDeepStrictEqual(run.target, plan.target)
      ? []
      : [`The place of the drill ${drill} is another one than ${describe(plan.target)}.`]),
    ...(run.restore?.execution === execution.arn
      ? []
      : [
          `The drill ${drill} has started ${run.restore?.execution ?? 'no restore'}, and not ${execution.arn}.`,
        ]),
  ];
};

/**
 * Judges an execution that says that a drill wants its place back. It renames databases, deletes one and writes Secrets
 * without asking anybody, so the drill has to be destroying its place, and to have started this very execution.
 *
 * @returns sentences; none when it may begin.
 */
export const judgeGiveBackClaim = (
  {
    execution,
    plan,
  }: { readonly execution: Pick<Execution, 'arn'>; readonly plan: Pick<RestorePlan, 'request' | 'target'> },
  run: DrillRun | undefined,
): string[] => {
  const { drill } = plan.request;
  if (drill === undefined || run?.id !== drill) return ['It belongs to no drill that is on record.'];
  return [
    ...(run.state === 'under-way' && run.way === 'destroy'
      ? []
      : [`The drill ${drill} is not destroying its place.`]),
    ...(isDeepStrictEqual(run.target, plan.target)
      ? []
      : [`The place of the drill ${drill} is another one than ${describe(plan.target)}.`]),
    ...(run.givesBack?.execution === execution.arn
      ? []
      : [
          `The drill ${drill} has started ${run.givesBack?.execution ?? 'nothing of the kind'}, and not ${execution.arn}.`,
        ]),
  ];
};

const describe = ({ namespace, cluster }: RestoreTarget): string => `namespace ${namespace} of ${cluster}`;

/**
 * Is a drill at work at a place, or has one left something there that the next one destroys? Whatever anybody else
 * restores there meanwhile would be destroyed with it.
 *
 * @returns a sentence, undefined when the place is free of drills.
 */
export const findDrillAt = (target: RestoreTarget, run: DrillRun | undefined): string | undefined => {
  if (!run || target.kind !== 'scratch' || placeOf(run.target) !== placeOf(target)) return undefined;
  if (run.state === 'under-way') {
    return `The drill ${run.id} works at ${placeOf(target)} and destroys what it finds there: wait until it has ended.`;
  }
  if (run.left.length === 0) return undefined;
  return `The drill ${run.id} has left something at ${placeOf(target)}, which the next one destroys: start restore-drill with {"environment":"${run.environment}","destroy":true} first.`;
};
