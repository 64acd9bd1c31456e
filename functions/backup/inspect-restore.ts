import type * as z from 'zod';
import { type Names, openNames } from '../clients/dns.ts';
import { connectHelmReleases } from '../clients/helm-releases.ts';
import { connectKubernetesSecrets, type KubernetesSecrets } from '../clients/kubernetes-secrets.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectSecretVault, type SecretVault } from '../clients/secret-vault.ts';
import { restoreInspectionKey } from '../records/backup/restore-limits.ts';
import type { RestoreTarget } from '../records/backup/restore-plan.ts';
import type { Configuration } from '../records/configuration.ts';
import type { Clock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import type { PlaceSources } from './drill/reading/inspect-places.ts';
import * as contract from './inspect-restore.contract.ts';
import { inspectPlace } from './restore/reading/inspect-place.ts';
import { type RestoreInspection, restoreInspectionKind } from './restore/reading/inspection.ts';
import { pickSet } from './restore/reading/pick-set.ts';
import { findRestore, type RestoreEnvironment, takesNative } from './restore/reading/restore-subject.ts';
import { locateVault } from './restore/reading/vault-place.ts';
import type { SetStore } from './sets/set-store.ts';
import { wireLedger } from './wiring.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly sets: Pick<SetStore, 'listAll' | 'read'>;
  readonly configuration: Configuration;
  readonly releases: PlaceSources['releases'];
  readonly names: Names;
  readonly secrets: (target: RestoreTarget) => KubernetesSecrets;
  readonly vault: (environment: RestoreEnvironment) => Pick<SecretVault, 'readFingerprintKey'>;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Chooses the set, reads the Helm release at the place, and proves by fingerprints which secrets match, before any plan
 * is made. It reads and changes nothing; whoever plans reads no Secret.
 *
 * @throws TransientError while the API server, DNS, KMS or the ledger do not answer.
 */
export const run = async (
  { execution, request }: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  const found = findSubject(request, deps.configuration);
  if (!found.ok) return refuse(found.reason);
  const { subject } = found;
  const picked = await pickSet(
    request.environment,
    request.set,
    deps.sets,
    subject.target.kind === 'environment' || takesNative(subject),
  );
  if (!picked.ok) return refuse(picked.reason);
  const { set } = picked;
  const now = deps.clock.now();
  const sources = {
    releases: deps.releases(subject.target),
    places: deps,
    secrets: deps.secrets(subject.target),
    vault: deps.vault(subject.origin),
  };
  const inspected = await inspectPlace(subject, set, sources, now, signal);
  const { environment, policy, id } = set;
  const record: RestoreInspection = {
    version: 1,
    execution,
    set: { environment, policy, id },
    ...inspected,
    readAt: now.toISOString(),
  };
  const key = restoreInspectionKey(execution.name);
  await updateRecord(deps.ledger, restoreInspectionKind, key, () => record, deps.clock);
  return { outcome: 'inspected', message: describe(record), reasons: [] };
};

const refuse = (reason: string): Output => ({
  outcome: 'refused',
  message: 'Nothing was looked at.',
  reasons: [reason],
});

const findSubject = (request: Input['request'], configuration: Configuration) => {
  try {
    return { ok: true, subject: findRestore(configuration, request) } as const;
  } catch (error) {
    if (error instanceof RefusedError) return { ok: false, reason: error.message } as const;
    throw error;
  }
};

const describe = ({ set, release, secrets }: RestoreInspection): string => {
  const where =
    release.state === 'read'
      ? `read revision ${release.revision} of ${release.namespace}/${release.release}`
      : release.problem;
  const match = secrets.known ? `secrets: ${secrets.value.meaning}` : `secrets: ${secrets.why}`;
  return `Set ${set.id}; ${where}; ${match}.`;
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }): Deps => ({
    ...wireLedger(LEDGER_BUCKET),
    configuration: readConfiguration(),
    releases: connectHelmReleases,
    names: openNames(),
    secrets: connectKubernetesSecrets,
    vault: (environment) => connectSecretVault(locateVault(environment)),
  }),
  run,
});
