import type { RestoreRun } from '../../../records/backup/restore.ts';
import type { SecretExport } from '../../../records/backup/secret-export.ts';
import type { SecretFingerprint } from '../../../records/backup/secret-fingerprints.ts';
import type { BackupSet } from '../../../records/backup/set.ts';
import type { SecretNeed } from '../../secrets/secret-need.ts';
import type { CurrentStep } from '../run-steps.ts';
import { type Change, keyOf } from '../step-turn.ts';
import { type SecretFacts, secretsBackTurn, secretsTurn } from '../turns/secrets-turn.ts';

/** Which Secrets a restore is about, and which of them are to be written now. */

export type SecretChange = Extract<Change, { deed: 'replaced' }>;

/** The Secrets of the plan, by what the set knows of them. */
export const listNeeds = (
  { plan }: Pick<RestoreRun, 'plan'>,
  set: Pick<BackupSet, 'secrets'>,
): SecretNeed[] => {
  const saved = new Map((set.secrets?.fingerprints.secrets ?? []).map((one) => [one.id, one]));
  return plan.secrets.map(({ id, name }) => ({
    id,
    name,
    need: saved.get(id)?.need ?? 'required',
    purpose: saved.get(id)?.purpose ?? 'data',
    why: 'it is a secret of the backup',
  }));
};

/**
 * What is to be written: what the record says already, and what still differs from it. A way back takes what stands
 * in the record alone, and leaves what somebody else has changed.
 */
export const listSecretChanges = (
  run: RestoreRun,
  { step, back, since }: CurrentStep,
  facts: SecretFacts,
): SecretChange[] => {
  const known = new Set(run.touched.map(keyOf));
  const isBack = back || step === 'put-back-secrets';
  const turn = isBack
    ? secretsBackTurn(run, facts, step === 'put-back-secrets' ? step : 'restore-secrets', since)
    : secretsTurn(run, facts, since);
  if (turn.verdict.state !== 'act') return [];
  return turn.changes.flatMap((change) => {
    if (change.deed !== 'replaced') return [];
    const key = keyOf({ deed: 'replaced', object: { kind: 'Secret', name: change.object.name } });
    return known.has(key) ? [change] : [];
  });
};

/** The Secret that a change wants; undefined: there is to be none. */
export const findWanted = (
  { id, object }: SecretChange,
  { secrets }: Pick<SecretExport, 'secrets'>,
): { namespace: string; name: string; type: string; data: Readonly<Record<string, string>> } | undefined => {
  const found = secrets.find((one) => one.id === id);
  return found && { namespace: object.namespace, name: object.name, type: found.type, data: found.data };
};

/** Fingerprints of another key prove nothing. */
export const blindFingerprints = (all: readonly SecretFingerprint[]): SecretFingerprint[] =>
  all.map((one) => ({ ...one, state: 'unreadable', keys: {} }));
