import type { KubernetesSecrets } from '../../../clients/kubernetes-secrets.ts';
import type { SecretVault } from '../../../clients/secret-vault.ts';
import type { RestoreRun } from '../../../records/backup/restore.ts';
import type { BackupSet } from '../../../records/backup/set.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import { composeExport } from '../../secrets/export-document.ts';
import { fingerprintSecrets } from '../../secrets/fingerprint.ts';
import { readContents } from '../../secrets/read-contents.ts';
import { blindFingerprints, listNeeds } from './secret-work.ts';
import type { RestoreSecretsFact } from './secrets-fact.ts';
import { nameReplaced } from './vault-place.ts';

/** The Secrets of a restore in the hands of whoever may read them. */

interface SecretsPlace {
  readonly run: RestoreRun;
  readonly set: BackupSet;
  /** Of the environment whose set it is. */
  readonly vault: SecretVault;
  readonly secrets: KubernetesSecrets;
  readonly clock: Clock;
}

/**
 * Saves what stands there into the vault, once for each run: what is saved first is what was there before.
 *
 * @throws RefusedError `restore.unreadable-secret` when one of them may not be read: what is not saved is not replaced.
 */
export const saveReplaced = async (
  { run, set, vault, secrets, clock }: SecretsPlace,
  signal: AbortSignal,
): Promise<Pick<RestoreSecretsFact, 'saved'>> => {
  const { environment } = set;
  const id = nameReplaced(run.id);
  const before = await readSaved(vault, id, signal);
  if (before) return { saved: placeOf(await vault.write(before, signal)) };
  const needs = listNeeds(run, set);
  const read = await readContents(
    secrets,
    run.plan.target.namespace,
    needs.map(({ name }) => name),
    signal,
  );
  const blind = [...read.contents].flatMap(([name, { state }]) => (state === 'unreadable' ? [name] : []));
  if (blind.length > 0) {
    const message = `Secrets could not be read, so that they are not replaced: ${blind.join(', ')}.`;
    throw new RefusedError('restore.unreadable-secret', message);
  }
  const document = composeExport({ environment, id }, { ...read, needs, helmValues: undefined }, clock.now());
  return { saved: placeOf(await vault.write(document, signal)) };
};

const placeOf = ({ bucket, key }: { readonly bucket: string; readonly key: string }) => ({ bucket, key });

const readSaved = async (vault: SecretVault, id: string, signal: AbortSignal) => {
  try {
    return await vault.read(id, signal);
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'vault.absent') return undefined;
    throw error;
  }
};

/** Fingerprints of what stands there now, under the key of the set. */
export const lookAtSecrets = async (
  { run, set, vault, secrets, clock }: SecretsPlace,
  signal: AbortSignal,
): Promise<Pick<RestoreSecretsFact, 'current' | 'types'>> => {
  const needs = listNeeds(run, set);
  const names = needs.map(({ name }) => name);
  const { contents, types } = await readContents(secrets, run.plan.target.namespace, names, signal);
  const key = await vault.readFingerprintKey(signal);
  const about = { environment: set.environment, takenAt: clock.now(), key };
  const made = fingerprintSecrets(about, needs, contents);
  key.fill(0);
  const isComparable = made.keyId === set.secrets?.fingerprints.keyId;
  return {
    current: isComparable ? made.secrets : blindFingerprints(made.secrets),
    types: Object.fromEntries(
      needs.flatMap(({ id, name }) => (types.has(name) ? [[id, types.get(name) ?? '']] : [])),
    ),
  };
};
