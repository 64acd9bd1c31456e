import type * as z from 'zod';
import { connectHelmReleases, type HelmReleases } from '../clients/helm-releases.ts';
import { connectKubernetesSecrets, type KubernetesSecrets } from '../clients/kubernetes-secrets.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type ReleaseFacts, releaseFactsKind } from '../records/backup/release-facts.ts';
import { backupRunKey, type SetReference } from '../records/backup/run.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import type { BackupSubject } from './backup-subject.ts';
import * as contract from './read-release.contract.ts';
import { describeRelease } from './release/describe-release.ts';
import { readReleaseValues } from './release/release-values.ts';
import { nameHintSecrets, readSecretHints } from './release/secret-hints.ts';
import { sayUnknown } from './release/unknown-release.ts';
import { readContents } from './secrets/read-contents.ts';
import type { SetStore } from './sets/set-store.ts';
import { listVerified } from './sets/verified-sets.ts';
import { openChartValues } from './values/chart-values.ts';
import { readBackup, wireSets } from './wiring.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly sets: Pick<SetStore, 'change' | 'list'>;
  readonly subject: (environment: string, policy: string) => BackupSubject;
  readonly releases: (subject: BackupSubject) => HelmReleases;
  readonly secrets: (subject: BackupSubject) => KubernetesSecrets;
  readonly clock: Clock;
}

/**
 * Reads the Helm release of a GitLab and notes what others may know of it. Without a right, or without a release, it
 * notes why: a backup is tried all the same.
 */
export const run = async (
  { set }: z.output<typeof contract.Input>,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<z.input<typeof contract.Output>> => {
  const subject = deps.subject(set.environment, set.policy);
  const facts = await learn(subject, deps, signal);
  await updateRecord(deps.ledger, releaseFactsKind, backupRunKey(set, 'release'), () => facts, deps.clock);
  if (facts.state === 'unknown') return { outcome: 'unknown', message: facts.problem };
  await noteRelease(set, facts, deps);
  const { release, namespace, revision, chartVersion, findings } = facts;
  const traps = findings.filter(({ severity }) => severity === 'trap').length;
  const found = traps === 0 ? '' : ` Its values hold ${traps} trap${traps === 1 ? '' : 's'}.`;
  return {
    outcome: 'read',
    message: `Read revision ${revision} of ${namespace}/${release}, chart ${chartVersion}.${found}`,
  };
};

/** @throws TransientError when the API server is away: that passes, and a set without its values would stay so. */
const learn = async (subject: BackupSubject, deps: Deps, signal: AbortSignal): Promise<ReleaseFacts> => {
  const { namespace, release: name, secrets } = subject.settings;
  const readAt = deps.clock.now();
  if (!secrets.helmValues) {
    return sayUnknown(readAt, 'The values are not read, as secrets.helmValues in drydock.yaml says');
  }
  try {
    const release = await deps.releases(subject).readRelease(namespace, name, signal);
    if (!release) {
      return sayUnknown(
        readAt,
        `There is no Helm release ${namespace}/${name} in cluster ${subject.cluster}`,
      );
    }
    const values = readReleaseValues(release);
    if (!values.ok) return sayUnknown(readAt, values.reason);
    const chart = openChartValues(values.values, values.major);
    const reader = deps.secrets(subject);
    const { contents } = await readContents(reader, namespace, nameHintSecrets(chart), signal);
    const archiveBytes = await lastSize(subject, deps);
    const beside = { readAt, ...(archiveBytes === undefined ? {} : { archiveBytes }) };
    return describeRelease(release, values, readSecretHints(chart, contents), beside);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return sayUnknown(readAt, error.message, error.permission);
  }
};

/** Of the newest archive that was found whole. */
const lastSize = async (
  { environment, policy }: BackupSubject,
  { sets }: Deps,
): Promise<number | undefined> =>
  listVerified(await sets.list(environment, policy)).find(({ kind }) => kind === 'tar')?.size;

/** What a restore has to install again. */
const noteRelease = async (
  set: SetReference,
  { release, namespace, chartVersion, revision }: Extract<ReleaseFacts, { state: 'read' }>,
  { sets }: Deps,
): Promise<void> => {
  await sets.change(set, (current) => ({
    ...current,
    helm: { ...current.helm, release, namespace, chartVersion, revision },
  }));
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
      clock: systemClock,
    };
  },
  run,
});
