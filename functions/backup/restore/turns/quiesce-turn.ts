import type { ReadObject } from '../../../clients/kubernetes-scaling.ts';
import type { RestoreRun } from '../../../records/backup/restore.ts';
import type { RestoreStep } from '../../../records/backup/restore-plan.ts';
import type { TouchedObject } from '../../../records/backup/restore-touched.ts';
import { judgeAutoscalers, PAUSED_ANNOTATION } from '../autoscaling.ts';
import { findDatabaseClients } from '../database-clients.ts';
import type { PlaceFacts } from '../place-facts.ts';
import { act, type Change, done, failed, keyOf, type Mark, type StepTurn, waitFor } from '../step-turn.ts';

/** Minutes for pods to end: those of Sidekiq and web have at most one minute of grace, and nodes can hang. */
const QUIET_MINUTES = 15;

type Place = Pick<RestoreRun, 'plan' | 'touched'>;

/** What stands in the way of a place that is closed, and what closes it. */
interface Opening {
  readonly notes: readonly TouchedObject[];
  readonly marks: readonly Mark[];
  readonly changes: readonly Change[];
  /** Pods of workloads that are at 0 and have not ended. */
  readonly pods: readonly string[];
  /** Scaled up again after they were seen at 0. */
  readonly raised: readonly string[];
}

/**
 * Pauses what would scale up again, records replicas, and scales to 0; done when the last pod has ended. What is
 * recorded once stays: at a second look there are 0 replicas.
 *
 * @param since when the step began.
 */
export const quiesceTurn = (run: Place, facts: PlaceFacts, since: string | undefined): StepTurn => {
  const opening = lookAtPlace(run, facts, 'quiesce');
  const { notes, marks, changes, pods, raised } = opening;
  const turn = { notes, marks, changes, findings: [] };
  if (raised.length > 0) {
    const reason = `somebody scales ${raised.join(', ')} up again; pause whatever does it (GitOps, an operator), and start again`;
    return { ...turn, changes: [], verdict: failed(reason) };
  }
  if (changes.length > 0) return { ...turn, verdict: act(describeChanges(changes)) };
  if (pods.length > 0) {
    const minutes = since === undefined ? 0 : (facts.now.getTime() - Date.parse(since)) / 60_000;
    return {
      ...turn,
      verdict:
        minutes >= QUIET_MINUTES
          ? failed(`after ${QUIET_MINUTES} minutes pods have not ended: ${pods.join(', ')}`)
          : waitFor(5, `waits for pods to end: ${pods.join(', ')}`),
    };
  }
  return { ...turn, verdict: done('nothing uses the database any more') };
};

/**
 * Keeps a place closed while its data is being replaced, or is on its way back: what was scaled up again is scaled to 0
 * once more before anything else is done. A restore that has destroyed nothing is given up instead, and undone.
 *
 * @param turn of the step at hand; it stands when the place is closed.
 */
export const keepClosed = (
  run: Place & Pick<RestoreRun, 'destructiveAt' | 'way'>,
  facts: PlaceFacts,
  step: RestoreStep,
  turn: StepTurn,
): StepTurn => {
  const { notes, marks, changes, pods } = lookAtPlace(run, facts, step);
  if (changes.length === 0 && pods.length === 0) return turn;
  const names = [...changes.map(({ object }) => object.name), ...pods].join(', ');
  const closing = { notes, marks, changes, findings: [] };
  if (run.destructiveAt === undefined && run.way !== 'undo') {
    return {
      ...closing,
      notes: [],
      changes: [],
      verdict: failed(`it does not stay at 0 replicas: ${names}`),
    };
  }
  if (changes.length === 0) return { ...closing, verdict: waitFor(5, `waits for pods to end: ${names}`) };
  return { ...closing, verdict: act(`scales to 0 once more: ${names}`) };
};

const lookAtPlace = ({ plan, touched }: Place, facts: PlaceFacts, step: RestoreStep): Opening => {
  const known = new Map(touched.map((one) => [keyOf(one), one]));
  const at = facts.now.toISOString();
  const clients = findDatabaseClients(facts.workloads, {
    release: plan.target.release,
    replaced: plan.buckets.map(({ component }) => component),
  });
  const pauses = judgeAutoscalers(facts.autoscalers, clients).flatMap(({ verdict, autoscaler }) =>
    verdict === 'pause' ? [autoscaler] : [],
  );
  const paused = pauses.map((one): TouchedObject => {
    const annotation = one.annotations[PAUSED_ANNOTATION];
    return {
      deed: 'paused',
      object: { kind: 'ScaledObject', ...refOf(one) },
      step,
      notedAt: at,
      before: annotation === undefined ? {} : { annotation },
    };
  });
  const scaled = clients.map(
    ({ workload }): TouchedObject => ({
      deed: 'scaled',
      object: { kind: workload.kind, ...refOf(workload) },
      step,
      notedAt: at,
      before: { replicas: workload.replicas },
    }),
  );
  const unpaused = pauses.filter(({ annotations }) => annotations[PAUSED_ANNOTATION] !== 'true');
  const up = clients.map(({ workload }) => workload).filter(({ replicas }) => replicas > 0);
  const open = new Set([
    ...unpaused.map(({ name }) => `paused ScaledObject/${name}`),
    ...up.map(({ kind, name }) => `scaled ${kind}/${name}`),
  ]);
  const all = [...paused, ...scaled];
  return {
    notes: all.filter((one) => !known.has(keyOf(one))),
    marks: all.flatMap((one): Mark[] => {
      const key = keyOf(one);
      const before = known.get(key);
      if (!before) return [];
      if (before.undoneAt !== undefined && open.has(key)) return [{ key, mark: 'again' }];
      return before.doneAt === undefined && !open.has(key) ? [{ key, mark: 'done' }] : [];
    }),
    // What would scale up again is stopped first, in a turn of its own.
    changes:
      unpaused.length > 0
        ? unpaused.map((one) => ({ deed: 'paused', object: refOf(one), annotation: 'true' }))
        : up.map((one) => ({ deed: 'scaled', object: { kind: one.kind, ...refOf(one) }, replicas: 0 })),
    pods: clients.flatMap(({ workload }) =>
      workload.replicas === 0 && workload.pods > 0 ? [`${workload.name} (${workload.pods})`] : [],
    ),
    raised: up
      .filter(({ kind, name }) => {
        const before = known.get(`scaled ${kind}/${name}`);
        return before?.doneAt !== undefined && before.undoneAt === undefined;
      })
      .map(({ name }) => name),
  };
};

export const refOf = ({ namespace, name, uid }: ReadObject): ReadObject => ({ namespace, name, uid });

const describeChanges = (changes: readonly Change[]): string => {
  const names = changes.map(({ object }) => object.name).join(', ');
  return changes[0]?.deed === 'paused' ? `pauses ${names}` : `scales to 0: ${names}`;
};
