import type * as z from 'zod';
import { connectHelmReleases, type HelmReleases } from '../clients/helm-releases.ts';
import { connectKubernetesSecrets, type KubernetesSecrets } from '../clients/kubernetes-secrets.ts';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { connectSecretVault, type SecretVault, type WrittenExport } from '../clients/secret-vault.ts';
import { releaseFactsKind } from '../records/backup/release-facts.ts';
import { backupRunKey, type SetReference } from '../records/backup/run.ts';
import type { SecretExport } from '../records/backup/secret-export.ts';
import type { SecretFingerprints } from '../records/backup/secret-fingerprints.ts';
import type { BackupSet } from '../records/backup/set.ts';
import { locateBackup } from '../records/configuration/backup-location.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import type { BackupSubject } from './backup-subject.ts';
import * as contract from './export-secrets.contract.ts';
import { hasEnded } from './run/run-note.ts';
import { composeExport, readExported } from './secrets/export-document.ts';
import { describeChanges, judgeExport } from './secrets/export-findings.ts';
import { fingerprintSecrets } from './secrets/fingerprint.ts';
import { type GatheredSecrets, gatherSecrets } from './secrets/gather-secrets.ts';
import type { SetStore } from './sets/set-store.ts';
import { listVerified } from './sets/verified-sets.ts';
import { readBackup, wireSets } from './wiring.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly sets: Pick<SetStore, 'read' | 'change' | 'listAll'>;
  readonly subject: (environment: string, policy: string) => BackupSubject;
  readonly releases: (subject: BackupSubject) => HelmReleases;
  readonly secrets: (subject: BackupSubject) => KubernetesSecrets;
  readonly vault: (subject: BackupSubject) => SecretVault;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Saves the secrets of a GitLab with the set: encrypted in a bucket of their own, and by fingerprints in the manifest. A
 * set whose secrets are saved is left as it is, so that a repeat changes nothing.
 *
 * @throws TransientError while API server, S3 or KMS do not answer.
 */
export const run = async (
  { execution, set: reference }: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const set = await deps.sets.read(reference);
  const refused = await refuse(set, execution, deps);
  if (refused !== undefined) return fail(refused);
  if (set?.secrets) return { outcome: 'exported', missing: [], warnings: [] };
  try {
    return await save(reference, deps, signal);
  } catch (error) {
    // What a vault or a cluster refuses names no value.
    if (!(error instanceof RefusedError)) throw error;
    return fail(error.message);
  }
};

const fail = (reason: string, findings: Partial<Pick<Output, 'missing' | 'warnings'>> = {}): Output => ({
  outcome: 'failed',
  reason,
  missing: findings.missing ?? [],
  warnings: findings.warnings ?? [],
});

/** Why nothing is to be saved: a Lambda that lived on must write for no run that was ended. */
const refuse = async (
  set: BackupSet | undefined,
  execution: Input['execution'],
  { ledger }: Deps,
): Promise<string | undefined> => {
  if (!set) return 'There is no such backup set.';
  if (set.state === 'failed' || set.state === 'deleted') return `Set ${set.id} is ${set.state}.`;
  return (await hasEnded(ledger, execution)) ? `${execution.name} was ended; nothing was saved.` : undefined;
};

const save = async (reference: SetReference, deps: Deps, signal: AbortSignal): Promise<Output> => {
  const subject = deps.subject(reference.environment, reference.policy);
  const { namespace, release, secrets } = subject.settings;
  const place = { namespace, release, helmValues: secrets.helmValues, names: secrets.names };
  const readers = { releases: deps.releases(subject), secrets: deps.secrets(subject) };
  const gathered = await gatherSecrets(place, readers, signal);
  const { missing, warnings } = judgeExport(gathered.needs, gathered.contents);
  const told = [...(gathered.problem === undefined ? [] : [gathered.problem]), ...warnings];
  if (missing.length > 0) {
    const reason = `The secrets were not saved: ${missing.join(', ')} could not be read, or made no sense.`;
    return fail(bound(reason), { missing: missing.slice(0, MOST), warnings: boundAll(told) });
  }
  const vault = deps.vault(subject);
  const document = composeExport(reference, gathered, deps.clock.now());
  const written = await writeOnce(vault, document, signal);
  const key = await vault.readFingerprintKey(signal);
  const fingerprints = fingerprint(reference, gathered, written.document, key);
  await note(reference, { ...gathered, written: written.place, fingerprints }, deps);
  const changes = await compare(reference, gathered, fingerprints, deps);
  return { outcome: 'exported', missing: [], warnings: boundAll([...told, ...changes]) };
};

/** As many as a person reads, and as fit into the payload of a state. */
const MOST = 20;
const LONGEST = 600;
const bound = (text: string): string => text.slice(0, LONGEST);
const boundAll = (texts: readonly string[]): string[] => texts.slice(0, MOST).map(bound);

/** An attempt that died behind its write has left an export: what is in it is what the set has. */
const writeOnce = async (
  vault: SecretVault,
  document: SecretExport,
  signal: AbortSignal,
): Promise<{ readonly place: WrittenExport; readonly document: SecretExport }> => {
  try {
    return { place: await vault.write(document, signal), document };
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== 'vault.exists') throw error;
    const there = await vault.read(document.set, signal);
    return { place: await vault.write(there, signal), document: there };
  }
};

const fingerprint = (
  { environment }: SetReference,
  { needs, contents }: GatheredSecrets,
  document: SecretExport,
  key: Uint8Array,
): SecretFingerprints => {
  // Of what was saved, and not of what was read: the two differ where an earlier attempt has written.
  const saved = new Map([...contents, ...readExported(document)]);
  try {
    return fingerprintSecrets({ environment, takenAt: new Date(document.takenAt), key }, needs, saved);
  } finally {
    key.fill(0);
  }
};

const note = async (
  reference: SetReference,
  {
    written,
    fingerprints,
    values,
    helm,
  }: GatheredSecrets & { readonly written: WrittenExport; readonly fingerprints: SecretFingerprints },
  { sets, subject: find }: Deps,
): Promise<void> => {
  const { namespace, release } = find(reference.environment, reference.policy).settings;
  const { keyArn: kmsKey, ...object } = written;
  await sets.change(reference, (current) => ({
    ...current,
    secrets: { object, kmsKey, fingerprints, values },
    ...(helm && { helm: { release, namespace, ...helm, ...current.helm, values: object } }),
  }));
};

/** What changed since the last verified set, and while this one was made. */
const compare = async (
  reference: SetReference,
  { helm }: GatheredSecrets,
  current: SecretFingerprints,
  { sets, ledger }: Deps,
): Promise<string[]> => {
  const [last] = listVerified(await sets.listAll(reference.environment));
  const before = last && (await sets.read({ environment: reference.environment, id: last.id }));
  const fingerprints = before?.secrets?.fingerprints;
  const changes = before && fingerprints ? describeChanges({ id: before.id, fingerprints }, current) : [];
  const fact = (await ledger.read(releaseFactsKind, backupRunKey(reference, 'release')))?.value;
  const isMoved = helm && fact?.state === 'read' && fact.revision !== helm.revision;
  return isMoved
    ? [`Helm went from revision ${fact.revision} to ${helm.revision} while the backup was made.`, ...changes]
    : changes;
};

const connectVault = ({ environment, settings, account, region }: BackupSubject): SecretVault => {
  const { secrets, archives } = locateBackup(environment, settings, { account, region });
  return connectSecretVault({
    environment,
    region: secrets.region,
    secrets: { bucket: secrets.bucket, kmsKey: secrets.key.arn },
    archives: { bucket: archives.bucket, kmsKey: archives.key?.arn },
  });
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      ledger,
      sets: wireSets(ledger),
      subject: readBackup,
      releases: connectHelmReleases,
      secrets: connectKubernetesSecrets,
      vault: connectVault,
      clock: systemClock,
    };
  },
  run,
});
