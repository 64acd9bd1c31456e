import { isDeepStrictEqual } from 'node:util';
import type { ScalableWorkload } from '../../../clients/kubernetes-scaling.ts';
import type { RestoreRun } from '../../../records/backup/restore.ts';
import type { Touched, TouchedObject } from '../../../records/backup/restore-touched.ts';
import type { SecretFingerprint } from '../../../records/backup/secret-fingerprints.ts';
import { act, type Change, done, failed, keyOf, type Mark, plainTurn, type StepTurn } from '../step-turn.ts';
import { listNames, mergeTurns, restartReaders } from './restart-readers.ts';

/** What a look at the secrets knows; fingerprints are all made under the same key. */
export interface SecretFacts {
  readonly now: Date;
  /** Of the set, and of what lies in the cluster now, by their ids. */
  readonly ofSet: readonly SecretFingerprint[];
  readonly current: readonly SecretFingerprint[];
  readonly workloads: readonly ScalableWorkload[];
}

type Run = Pick<RestoreRun, 'id' | 'plan' | 'touched'>;

/**
 * Writes the secrets of the plan, and has every pod that reads one of them replaced; done when those pods run. What is
 * at 0 reads them when it is opened.
 *
 * @returns notes whose content of before the caller saves, encrypted, before they are written down.
 */
export const secretsTurn = (run: Run, facts: SecretFacts, since: string | undefined): StepTurn => {
  const rows = run.plan.secrets.map(({ id, name }) => ({
    id,
    name,
    wanted: facts.ofSet.find((one) => one.id === id),
    now: facts.current.find((one) => one.id === id),
  }));
  if (rows.length === 0) return plainTurn(done('the secrets of the set are there already'));
  const blind = rows.filter(
    ({ wanted, now }) => wanted?.state !== 'read' || (now?.state ?? 'unreadable') === 'unreadable',
  );
  if (blind.length > 0) {
    return plainTurn(failed(`could not be read, in the set or in the cluster: ${listNames(blind)}`));
  }
  const known = new Map(run.touched.map((one) => [keyOf(one), one]));
  const notes = rows.map(
    ({ id, name, now }): TouchedObject => ({
      deed: 'replaced',
      object: { kind: 'Secret', namespace: run.plan.target.namespace, name },
      step: 'restore-secrets',
      notedAt: facts.now.toISOString(),
      id,
      before: now?.state === 'read' ? { fingerprint: now } : {},
    }),
  );
  const differing = rows.filter(({ wanted, now }) => !isSame(wanted, now));
  const marks = rows
    .filter(
      ({ name, wanted, now }) =>
        isSame(wanted, now) && known.get(`replaced Secret/${name}`)?.doneAt === undefined,
    )
    .flatMap(({ name }): Mark[] =>
      known.has(`replaced Secret/${name}`) ? [{ key: `replaced Secret/${name}`, mark: 'done' }] : [],
    );
  const changes = differing.map(
    ({ id, name }): Change => ({
      deed: 'replaced',
      object: { namespace: run.plan.target.namespace, name },
      id,
      content: 'of-set',
    }),
  );
  const turn = { notes: notes.filter((one) => !known.has(keyOf(one))), marks, changes, findings: [] };
  if (changes.length > 0) return { ...turn, verdict: act(`writes ${listNames(differing)}`) };
  const names = rows.map(({ name }) => name);
  return mergeTurns(
    turn,
    restartReaders(run, facts, { names, cause: `${run.id}/set`, step: 'restore-secrets', since }),
  );
};

/** Puts back the secrets as they were before, and has their readers replaced once more. */
export const secretsBackTurn = (
  run: Run,
  facts: SecretFacts,
  step: 'restore-secrets' | 'put-back-secrets',
  since: string | undefined,
): StepTurn => {
  const replaced = run.touched.flatMap((one) => (one.deed === 'replaced' ? [one] : []));
  if (replaced.length === 0) return plainTurn(done('no secret was replaced'));
  const due = replaced.filter(({ undoneAt }) => undoneAt === undefined);
  const found = due.map((one) => ({ one, ...judgeBack(one, facts) }));
  const blind = found.filter(({ verdict }) => verdict === 'unreadable');
  if (blind.length > 0) {
    return plainTurn(failed(`could not be read: ${blind.map(({ one }) => one.object.name).join(', ')}`));
  }
  const changes = found.flatMap(({ one, verdict }): Change[] =>
    verdict === 'change'
      ? [
          {
            deed: 'replaced',
            object: { namespace: one.object.namespace, name: one.object.name },
            id: one.id,
            content: 'of-before',
          },
        ]
      : [],
  );
  const marks = found.flatMap(({ one, verdict }): Mark[] => {
    if (verdict === 'change') return [];
    const left =
      verdict === 'foreign' ? { left: `Secret ${one.object.name} was changed by somebody else` } : {};
    return [{ key: keyOf(one), mark: 'undone', ...left }];
  });
  const turn = { notes: [], marks, changes, findings: [] };
  if (changes.length > 0)
    return { ...turn, verdict: act(`puts back ${changes.map(({ object }) => object.name).join(', ')}`) };
  const names = replaced.map(({ object }) => object.name);
  return mergeTurns(turn, restartReaders(run, facts, { names, cause: `${run.id}/before`, step, since }));
};

type Back = 'same' | 'change' | 'foreign' | 'unreadable';

const judgeBack = (
  { id, before }: Touched<'replaced'>,
  { ofSet, current }: SecretFacts,
): { verdict: Back } => {
  const now = current.find((one) => one.id === id);
  if (now === undefined || now.state === 'unreadable') return { verdict: 'unreadable' };
  if (before.fingerprint === undefined ? now.state === 'absent' : isSame(before.fingerprint, now)) {
    return { verdict: 'same' };
  }
  const isOurs =
    now.state === 'absent' ||
    isSame(
      ofSet.find((one) => one.id === id),
      now,
    );
  return { verdict: isOurs ? 'change' : 'foreign' };
};

const isSame = (one: SecretFingerprint | undefined, other: SecretFingerprint | undefined): boolean =>
  one?.state === 'read' && other?.state === 'read' && isDeepStrictEqual(one.keys, other.keys);
