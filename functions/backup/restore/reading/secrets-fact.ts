import * as z from 'zod';
import type { Ledger } from '../../../clients/ledger.ts';
import type { RestoreReference, RestoreRun } from '../../../records/backup/restore.ts';
import { restoreFactKey } from '../../../records/backup/restore-limits.ts';
import { SecretFingerprint } from '../../../records/backup/secret-fingerprints.ts';
import { ObjectReference } from '../../../records/backup/set-parts.ts';
import type { CurrentStep } from '../run-steps.ts';

/**
 * The Secrets of a place as whoever may read them saw them last: fingerprints, for whoever carries the restore. It is
 * good for one version of the run: each change of the record asks for another look.
 */
export const RestoreSecretsFact = z.object({
  version: z.literal(1),
  /** Of the run when it was looked. */
  etag: z.string(),
  readAt: z.iso.datetime(),
  current: z.array(SecretFingerprint),
  /** Types of those that are there, by their ids. */
  types: z.record(z.string(), z.string()),
  /** Where their content of before lies, encrypted. */
  saved: ObjectReference.optional(),
  /** What was refused, as a sentence: the step fails by it. */
  problem: z.string().optional(),
});
export type RestoreSecretsFact = z.output<typeof RestoreSecretsFact>;

export const restoreSecretsKind = { name: 'secrets of a restore', schema: RestoreSecretsFact };

/** Somebody may have changed them since. */
const FRESH_MS = 600_000;

/** Does this step need a look at Secrets at all? */
export const needsSecrets = (
  run: RestoreRun,
  { step, back }: Pick<CurrentStep, 'step' | 'back'>,
): boolean => {
  const hasReplaced = run.touched.some(({ deed }) => deed === 'replaced');
  if (step === 'put-back-secrets') return hasReplaced;
  return step === 'restore-secrets' && (back ? hasReplaced : run.plan.secrets.length > 0);
};

/** The fact, when it still holds for this version of the run. */
export const readSecretsFact = async (
  ledger: Pick<Ledger, 'read'>,
  restore: RestoreReference,
  etag: string,
  now: Date,
): Promise<RestoreSecretsFact | undefined> => {
  const fact = (await ledger.read(restoreSecretsKind, restoreFactKey(restore, 'secrets')))?.value;
  const isFresh = fact?.etag === etag && now.getTime() - Date.parse(fact.readAt) < FRESH_MS;
  return isFresh ? fact : undefined;
};

/** Notes of Secrets that are to be replaced, with where their content of before was saved. */
export const noteSaved = (
  notes: RestoreRun['touched'],
  { saved, types }: Pick<RestoreSecretsFact, 'saved' | 'types'>,
): RestoreRun['touched'] =>
  notes.map((note) => {
    if (note.deed !== 'replaced' || note.before.fingerprint === undefined) return note;
    const type = types[note.id];
    return {
      ...note,
      before: { ...note.before, ...(type === undefined ? {} : { type }), ...(saved ? { saved } : {}) },
    };
  });
