import type * as z from 'zod';
import {
  connectKubernetesSecretWriting,
  type KubernetesSecretWriting,
} from '../clients/kubernetes-secret-writing.ts';
import { connectKubernetesSecrets, type KubernetesSecrets } from '../clients/kubernetes-secrets.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import type { Locks } from '../clients/locks.ts';
import type { Pauses } from '../clients/pauses.ts';
import { connectSecretVault, type SecretVault } from '../clients/secret-vault.ts';
import type { RestoreRun } from '../records/backup/restore.ts';
import { restoreFactKey } from '../records/backup/restore-limits.ts';
import type { RestoreTarget } from '../records/backup/restore-plan.ts';
import type { BackupSet } from '../records/backup/set.ts';
import type { Configuration } from '../records/configuration.ts';
import type { Clock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { LOST, readHeldRun } from './restore/reading/held-run.ts';
import { findPlanned, type RestoreEnvironment } from './restore/reading/restore-subject.ts';
import { findWanted, listSecretChanges, type SecretChange } from './restore/reading/secret-work.ts';
import { type RestoreSecretsFact, restoreSecretsKind } from './restore/reading/secrets-fact.ts';
import { lookAtSecrets, saveReplaced } from './restore/reading/secrets-look.ts';
import { locateVault, nameReplaced } from './restore/reading/vault-place.ts';
import { type CurrentStep, findCurrentStep } from './restore/run-steps.ts';
import { shortenText } from './restore/telling/shorten.ts';
import type { SetStore } from './sets/set-store.ts';
import { wireLedger } from './wiring.ts';
import * as contract from './write-restore-secrets.contract.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly locks: Pick<Locks, 'isHeld'>;
  readonly pauses: Pauses;
  readonly sets: Pick<SetStore, 'read'>;
  readonly configuration: Configuration;
  readonly secrets: (target: RestoreTarget) => KubernetesSecrets;
  readonly writing: (target: RestoreTarget) => KubernetesSecretWriting;
  readonly vault: (environment: RestoreEnvironment) => SecretVault;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * The only one that reads and writes Secrets for a restore: saves what is there before anything is written, writes what
 * the record says, and leaves a look at it for whoever carries the restore. No value goes anywhere but to the vault and
 * the cluster.
 *
 * @throws TransientError while the API server, KMS, S3 or the ledger do not answer.
 */
export const run = async (
  input: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const { restore } = input;
  const held = await readHeldRun(input, deps);
  if (!held) return LOST;
  const { value: before, etag, isOurs } = held;
  const current = findCurrentStep(before);
  const set = await deps.sets.read(before.plan.set);
  if (!current || !set?.secrets) return { outcome: 'looked', message: 'There are no secrets to look at.' };
  const note = (fact: Omit<RestoreSecretsFact, 'version' | 'etag' | 'readAt'>): Promise<void> =>
    keep({ version: 1, etag, readAt: deps.clock.now().toISOString(), ...fact }, restore, deps);
  try {
    const { fact, written } = await work({ before, current, set, isOurs }, restore, deps, signal);
    await note(fact);
    return written.length === 0
      ? { outcome: 'looked', message: 'Nothing was to be written.' }
      : { outcome: 'written', message: shortenText(`Wrote ${written.join(', ')}.`) };
  } catch (error) {
    // What a vault or a cluster refuses names no value.
    if (!(error instanceof RefusedError)) throw error;
    await note({ current: [], types: {}, problem: error.message });
    return { outcome: 'looked', message: shortenText(error.message) };
  }
};

interface Held {
  readonly before: RestoreRun;
  readonly current: CurrentStep;
  readonly set: BackupSet;
  readonly isOurs: () => Promise<boolean>;
}

const work = async (
  { before, current, set, isOurs }: Held,
  restore: Input['restore'],
  deps: Deps,
  signal: AbortSignal,
) => {
  const { target } = before.plan;
  const { origin } = findPlanned(deps.configuration, before.plan);
  const vault = deps.vault(origin);
  const place = { run: before, set, vault, secrets: deps.secrets(target), clock: deps.clock };
  const saved = await saveReplaced(place, signal);
  const seen = await lookAtSecrets(place, signal);
  const facts = {
    now: deps.clock.now(),
    ofSet: set.secrets?.fingerprints.secrets ?? [],
    current: seen.current,
    workloads: [],
  };
  const changes = (await mayWrite(before, restore.place, deps))
    ? listSecretChanges(before, current, facts)
    : [];
  const written = await write(changes, { before, set, vault, isOurs }, deps, signal);
  const left = written.length > 0 ? await lookAtSecrets(place, signal) : seen;
  return { fact: { ...left, ...saved }, written };
};

const mayWrite = async ({ plan }: RestoreRun, place: string, { pauses }: Deps): Promise<boolean> => {
  const { environment } = plan.target;
  return (await pauses.judge({ capability: 'backup', environment, target: place })).ok;
};

/** One after the other, the fence asked for before each; what is written already stays, and is found so next time. */
const write = async (
  changes: readonly SecretChange[],
  {
    before,
    set,
    vault,
    isOurs,
  }: {
    readonly before: RestoreRun;
    readonly set: BackupSet;
    readonly vault: SecretVault;
    readonly isOurs: () => Promise<boolean>;
  },
  deps: Deps,
  signal: AbortSignal,
): Promise<string[]> => {
  const [first] = changes;
  if (!first) return [];
  const source = first.content === 'of-set' ? set.id : nameReplaced(before.id);
  const document = await vault.read(source, signal);
  const writing = deps.writing(before.plan.target);
  const written: string[] = [];
  for (const change of changes) {
    if (!(await isOurs())) break;
    const wanted = findWanted(change, document);
    if (!wanted && change.content === 'of-set') {
      const message = `The export of set ${set.id} holds no secret ${change.id}; nothing of it was written.`;
      throw new RefusedError('restore.no-secret', message);
    }
    if (wanted) await writing.writeSecret(wanted, signal);
    else await writing.removeSecret(change.object, signal);
    written.push(change.object.name);
  }
  return written;
};

const keep = async (
  fact: RestoreSecretsFact,
  restore: Input['restore'],
  { ledger, clock }: Deps,
): Promise<void> => {
  await updateRecord(ledger, restoreSecretsKind, restoreFactKey(restore, 'secrets'), () => fact, clock);
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }): Deps => ({
    ...wireLedger(LEDGER_BUCKET),
    configuration: readConfiguration(),
    secrets: connectKubernetesSecrets,
    writing: connectKubernetesSecretWriting,
    vault: (environment) => connectSecretVault(locateVault(environment)),
  }),
  run,
});
