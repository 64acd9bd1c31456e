import type { HelmReleases } from '../../../clients/helm-releases.ts';
import type { KubernetesSecrets } from '../../../clients/kubernetes-secrets.ts';
import type { SecretVault } from '../../../clients/secret-vault.ts';
import type { ReleaseFacts } from '../../../records/backup/release-facts.ts';
import type { BackupSet } from '../../../records/backup/set.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import { findShared } from '../../drill/place-apart.ts';
import { type PlaceSources, readPlaces } from '../../drill/reading/inspect-places.ts';
import { withoutDot } from '../../job/sentence-part.ts';
import { describeRelease } from '../../release/describe-release.ts';
import { readReleaseValues } from '../../release/release-values.ts';
import { nameHintSecrets, readSecretHints } from '../../release/secret-hints.ts';
import { sayUnknown } from '../../release/unknown-release.ts';
import { compareSecrets } from '../../secrets/comparison.ts';
import { fingerprintSecrets } from '../../secrets/fingerprint.ts';
import { readContents } from '../../secrets/read-contents.ts';
import { listSecrets } from '../../secrets/secret-list.ts';
import type { SecretNeed } from '../../secrets/secret-need.ts';
import { openChartValues } from '../../values/chart-values.ts';
import type { RestoreInspection } from './inspection.ts';
import type { RestoreSubject } from './restore-subject.ts';

interface InspectionSources {
  readonly releases: HelmReleases;
  /** Of the place, and of every environment that it must have nothing in common with. */
  readonly places: PlaceSources;
  readonly secrets: KubernetesSecrets;
  /** Of the environment whose backup it is: its key makes fingerprints that can be compared. */
  readonly vault: Pick<SecretVault, 'readFingerprintKey'>;
}

/**
 * Reads the Helm release at the place, and compares its Secrets with those of the set by fingerprints. What may not be
 * read says why: the prechecks decide what that means.
 *
 * @throws TransientError while the API server, DNS or KMS do not answer.
 */
export const inspectPlace = async (
  subject: RestoreSubject,
  set: Pick<BackupSet, 'secrets'>,
  sources: InspectionSources,
  now: Date,
  signal: AbortSignal,
): Promise<Pick<RestoreInspection, 'release' | 'secrets' | 'shared'>> => {
  const { namespace, release: name } = subject.target;
  const { settings } = subject.owner;
  const found = await readValues(subject, sources.releases, now, signal);
  const chart =
    found.state === 'read'
      ? openChartValues(found.values.values, found.values.major)
      : openChartValues({}, undefined);
  const needs = listSecrets(name, chart, settings.secrets.names);
  const hints = found.state === 'read' ? nameHintSecrets(chart) : [];
  const names = [...new Set([...needs.map((need) => need.name), ...hints])];
  const { contents } = await readContents(sources.secrets, namespace, names, signal);
  const release =
    found.state === 'read'
      ? describeRelease(found.release, found.values, readSecretHints(chart, contents), { readAt: now })
      : found.release;
  const shared = await findSharing(subject, sources.places, signal);
  return { release, shared, secrets: await compare(subject, set, { needs, contents }, sources, now, signal) };
};

/**
 * What the place has in common with any GitLab that people use. One that is replaced is itself one of those; onto the
 * GitLab of the backup itself all of it is meant.
 */
const findSharing = async (
  { origin, originTarget: from, target: to }: RestoreSubject,
  sources: PlaceSources,
  signal: AbortSignal,
): Promise<RestoreInspection['shared']> => {
  const isSame =
    from.cluster === to.cluster && from.namespace === to.namespace && from.release === to.release;
  if (isSame) return { known: true, value: [] };
  const { place, used } = await readPlaces({ target: to, environment: origin.environment }, sources, signal);
  if (!place.known) return place;
  const others = used.filter(({ environment }) => to.kind === 'scratch' || environment !== to.environment);
  return { known: true, value: findShared(place.value, others) };
};

const readValues = async (
  { target, owner }: Pick<RestoreSubject, 'target' | 'owner'>,
  releases: HelmReleases,
  now: Date,
  signal: AbortSignal,
) => {
  const { namespace, release: name, cluster } = target;
  const unknown = (release: ReleaseFacts) => ({ state: 'unknown' as const, release });
  if (!owner.settings.secrets.helmValues) {
    return unknown(sayUnknown(now, 'The values are not read, as secrets.helmValues in drydock.yaml says'));
  }
  try {
    const release = await releases.readRelease(namespace, name, signal);
    if (!release) {
      return unknown(sayUnknown(now, `There is no Helm release ${namespace}/${name} in cluster ${cluster}`));
    }
    const values = readReleaseValues(release);
    return values.ok ? { state: 'read' as const, release, values } : unknown(sayUnknown(now, values.reason));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return unknown(sayUnknown(now, error.message, error.permission));
  }
};

/** Names are those of the place: another release calls the same secret otherwise. */
const compare = async (
  { origin }: RestoreSubject,
  set: Pick<BackupSet, 'secrets'>,
  read: {
    readonly needs: readonly SecretNeed[];
    readonly contents: Parameters<typeof fingerprintSecrets>[2];
  },
  { vault }: InspectionSources,
  now: Date,
  signal: AbortSignal,
): Promise<RestoreInspection['secrets']> => {
  const saved = set.secrets?.fingerprints;
  if (!saved) return { known: false, why: 'no secrets were saved with this set' };
  try {
    const key = await vault.readFingerprintKey(signal);
    const about = { environment: origin.environment, takenAt: now, key };
    const current = fingerprintSecrets(about, read.needs, read.contents);
    key.fill(0);
    const { meaning, secrets } = compareSecrets(saved, current);
    const names = new Map(read.needs.map(({ id, name }) => [id, name]));
    const rows = secrets.map((row) => ({
      ...row,
      name: names.get(row.id) ?? row.name,
      differences: [...row.differences],
    }));
    return { known: true, value: { meaning, secrets: rows } };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { known: false, why: withoutDot(error.message) };
  }
};
