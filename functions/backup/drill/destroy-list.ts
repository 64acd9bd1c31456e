import type { DrillRun, MadeObject, WokenWorkload } from '../../records/backup/drill.ts';
import { isOfDrill } from './drill-label.ts';
import { mayHoldData, stateOf } from './drill-steps.ts';

/** What a drill destroys: what it made itself, and nothing else. */

/** An object as it stands in the place now. */
export interface StandingObject {
  readonly kind: MadeObject['kind'];
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
}

const isSame = (one: MadeObject, { kind, namespace, name }: StandingObject): boolean =>
  one.kind === kind && one.namespace === namespace && one.name === name;

/**
 * What is deleted: objects that this drill wrote down, that carry its label, and that are still the very ones. A name
 * alone is no proof: somebody may have made another one under it since. One whose uid nobody could write down, since
 * the drill died right after it was made, is known by its label.
 *
 * Jobs go before the policies that keep their pods in.
 */
export const listDestruction = (
  run: Pick<DrillRun, 'id' | 'made'>,
  standing: readonly StandingObject[],
): StandingObject[] =>
  standing
    .filter((object) => {
      const noted = run.made.find((one) => isSame(one, object) && one.removedAt === undefined);
      return noted !== undefined && isOfDrill(object, run.id) && (noted.uid ?? object.uid) === object.uid;
    })
    .toSorted((a, b) => ORDER[a.kind] - ORDER[b.kind]);

const ORDER: Readonly<Record<MadeObject['kind'], number>> = { Job: 0, NetworkPolicy: 1 };

/** Notes what is gone: what was written down, and does not stand there as the one that was made. */
export const noteRemoved = (run: DrillRun, standing: readonly StandingObject[], now: Date): DrillRun => {
  const there = listDestruction(run, standing);
  return {
    ...run,
    made: run.made.map((one) =>
      one.removedAt === undefined && !there.some((object) => isSame(one, object))
        ? { ...one, removedAt: now.toISOString() }
        : one,
    ),
  };
};

/** A workload as it stands, as far as it is put to sleep. */
interface StandingWorkload {
  readonly kind: WokenWorkload['kind'];
  readonly name: string;
  readonly uid: string;
  readonly replicas: number;
  readonly pods: number;
}

/** What is scaled back to 0: what this drill woke, unless it is another one by now. */
export const listToSleep = (
  run: Pick<DrillRun, 'woken'>,
  standing: readonly StandingWorkload[],
): StandingWorkload[] =>
  standing.filter(({ uid, replicas }) => replicas > 0 && run.woken.some((one) => one.uid === uid));

/** What is left of a drill, a sentence each. */
export const listLeft = (run: DrillRun): string[] => [
  ...run.woken
    .filter(({ asleepAt }) => asleepAt === undefined)
    .map(({ kind, name }) => `${kind} ${run.target.namespace}/${name} is still scaled up.`),
  ...(mayHoldData(run)
    ? [`The data of ${run.set.environment} lies in the place: its database, repositories and buckets.`]
    : []),
  ...(run.restore !== undefined && stateOf(run, 'give-back') === 'failed'
    ? [`The place still has Secrets, and where the set is native the database, of ${run.set.environment}.`]
    : []),
  ...run.made
    .filter(({ removedAt }) => removedAt === undefined)
    .map(({ kind, namespace, name }) => `${kind} ${namespace}/${name} is still there.`),
];
