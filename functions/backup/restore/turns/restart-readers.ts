import type { ScalableWorkload } from '../../../clients/kubernetes-scaling.ts';
import type { RestoreRun } from '../../../records/backup/restore.ts';
import type { RestoreStep } from '../../../records/backup/restore-plan.ts';
import type { TouchedObject } from '../../../records/backup/restore-touched.ts';
import { act, type Change, done, failed, keyOf, type Mark, type StepTurn, waitFor } from '../step-turn.ts';
import { refOf } from './quiesce-turn.ts';

/** Minutes for pods to be replaced: those of Gitaly wait for their volume to be attached anew. */
const RESTART_MINUTES = 20;

interface Readers {
  readonly names: readonly string[];
  readonly cause: string;
  readonly step: RestoreStep;
  readonly since: string | undefined;
}

/** Has every pod replaced that reads one of these secrets, once for each cause; done when the new ones run. */
export const restartReaders = (
  { touched }: Pick<RestoreRun, 'touched'>,
  { workloads, now }: { readonly workloads: readonly ScalableWorkload[]; readonly now: Date },
  { names, cause, step, since }: Readers,
): StepTurn => {
  const readers = workloads.filter(
    ({ replicas, secrets }) => replicas > 0 && secrets.some((name) => names.includes(name)),
  );
  const stale = readers.filter(({ restartedFor }) => restartedFor !== cause);
  const known = new Set(touched.map(keyOf));
  const notes = stale.map(
    (one): TouchedObject => ({
      deed: 'restarted',
      object: { kind: one.kind, ...refOf(one) },
      step,
      notedAt: now.toISOString(),
    }),
  );
  const changes = stale.map(
    (one): Change => ({ deed: 'restarted', object: { kind: one.kind, ...refOf(one) }, cause }),
  );
  const turn = { notes: notes.filter((one) => !known.has(keyOf(one))), marks: [], changes, findings: [] };
  if (stale.length > 0) return { ...turn, verdict: act(`restarts ${listNames(stale)}`) };
  const moving = readers.filter(({ isSettled }) => !isSettled);
  const marks = readers.map((one): Mark => ({ key: `restarted ${one.kind}/${one.name}`, mark: 'done' }));
  if (moving.length === 0)
    return { ...turn, marks, verdict: done(`${names.length} secrets lie there, and their readers run`) };
  const minutes = since === undefined ? 0 : (now.getTime() - Date.parse(since)) / 60_000;
  return {
    ...turn,
    verdict:
      minutes >= RESTART_MINUTES
        ? failed(`after ${RESTART_MINUTES} minutes pods are not replaced: ${listNames(moving)}`)
        : waitFor(5, `waits for the pods of ${listNames(moving)}`),
  };
};

/** Both turns in one: what the first saw, and what the second decides. */
export const mergeTurns = (first: Omit<StepTurn, 'verdict'>, second: StepTurn): StepTurn => ({
  ...second,
  notes: [...first.notes, ...second.notes],
  marks: [...first.marks, ...second.marks],
});

export const listNames = (all: readonly { readonly name: string }[]): string =>
  all.map(({ name }) => name).join(', ');
