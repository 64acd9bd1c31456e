import * as z from 'zod';
import { unpackHelmRelease } from '../rules/helm-storage.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import { connectCluster } from './kubernetes.ts';
import { watchAbsence } from './kubernetes-absence.ts';
import type { KubernetesConnection } from './kubernetes-connection.ts';
import { listMetadata } from './kubernetes-lists.ts';
import { openKubernetesSecrets } from './kubernetes-secrets.ts';

/** A release as Helm keeps it. Whoever holds one writes its values nowhere: people put passwords into them. */
export interface HelmRelease {
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  /** `deployed`, `failed`, `pending-upgrade`. */
  readonly status: string;
  readonly chart: string;
  readonly chartVersion: string;
  /** As the chart says it: `v18.10.0`. */
  readonly appVersion: string;
  /** What the user gave over the defaults of the chart: plain JSON. */
  readonly values: unknown;
  /** A revision behind it that is not in force: an upgrade that goes on, or one that failed. */
  readonly newer?: { readonly revision: number; readonly status: string };
}

export interface HelmReleases {
  /**
   * Reads the revision of a release that is in force: the newest that was deployed, or else the newest of all; undefined
   * when there is none. Lists the names of Secrets first, without what is in them.
   *
   * @throws RefusedError `kubernetes.forbidden` with the permission `list secrets`, or `get secrets/<name>`;
   * `kubernetes.unauthorized`; `helm.unreadable` when what lies there is no release.
   * @throws TransientError `kubernetes.unreachable`, `kubernetes.unavailable`; `helm.changed` when Helm was at work.
   */
  readRelease(namespace: string, name: string, signal?: AbortSignal): Promise<HelmRelease | undefined>;
}

/** Opens the releases of an EKS cluster as the role this process runs under. */
export const connectHelmReleases = (options: {
  readonly cluster: string;
  readonly region: string;
}): HelmReleases => openHelmReleases(connectCluster(options));

/** The same over any connection. */
export const openHelmReleases = (
  connection: KubernetesConnection,
  clock: Clock = systemClock,
): HelmReleases => {
  const secrets = openKubernetesSecrets(connection);
  const asker = { connection, clock, absence: watchAbsence(clock), purpose: 'backup' };
  return {
    async readRelease(namespace, name, signal) {
      const question = {
        resource: SECRETS,
        namespace,
        labelSelector: `owner=helm,name=${name}`,
        limit: MOST_REVISIONS,
      };
      const { items } = await listMetadata(asker, question, signal);
      const revisions = items.flatMap(readRevision).toSorted((a, b) => b.revision - a.revision);
      const chosen = revisions.find(({ status }) => status === 'deployed') ?? revisions[0];
      if (!chosen) return undefined;
      const [newest] = revisions;
      const secret = await secrets.readSecret(namespace, chosen.secret, signal);
      if (!secret) {
        // Helm clears old revisions away while somebody upgrades.
        const message = `Secret ${namespace}/${chosen.secret} of Helm was there and is gone; try again.`;
        throw new TransientError('helm.changed', message);
      }
      const release = decode(secret.data['release'], `${namespace}/${chosen.secret}`);
      return newest === undefined || newest === chosen
        ? release
        : { ...release, newer: { revision: newest.revision, status: newest.status } };
    },
  };
};

const SECRETS = { group: '', version: 'v1', resource: 'secrets', namespaced: true };

/** Helm keeps ten by default, and whoever keeps more has them in one page still. */
const MOST_REVISIONS = 500;

/** Source: helm.sh/helm, pkg/storage/driver/secrets.go, `newSecretsObject`: labels and name of such a Secret. */
const NAME = /^sh\.helm\.release\.v1\..+\.v([1-9]\d{0,8})$/;

const readRevision = ({
  name,
  labels,
}: {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}): { readonly secret: string; readonly revision: number; readonly status: string }[] => {
  const [, revision] = NAME.exec(name) ?? [];
  return revision === undefined
    ? []
    : [{ secret: name, revision: Number(revision), status: labels['status'] ?? 'unknown' }];
};

const Release = z.object({
  name: z.string(),
  namespace: z.string(),
  version: z.int().positive(),
  info: z.object({ status: z.string() }),
  chart: z.object({
    metadata: z.object({
      name: z.string(),
      version: z.string(),
      appVersion: z.coerce.string().default(''),
    }),
  }),
  // A release to which nobody gave values has none, or null.
  config: z.unknown(),
});

/** What a decoder says may quote a value, so that nothing of it is repeated. */
const decode = (stored: Uint8Array | undefined, where: string): HelmRelease => {
  // The client of Secrets has taken the base64 of the API away, as that of a ConfigMap has none.
  const unpacked = unpackHelmRelease(stored ?? new Uint8Array(), 'configmap');
  if (!unpacked.ok) {
    throw new RefusedError('helm.unreadable', `Secret ${where} is no release of Helm: ${unpacked.reason}.`);
  }
  const release = Release.safeParse(unpacked.document).data;
  if (!release) {
    throw new RefusedError(
      'helm.unreadable',
      `Secret ${where} is no release of Helm 3 or 4: not JSON, or without name, version and chart.`,
    );
  }
  const { name, namespace, version, info, chart, config } = release;
  return {
    namespace,
    name,
    revision: version,
    status: info.status,
    chart: chart.metadata.name,
    chartVersion: chart.metadata.version,
    appVersion: chart.metadata.appVersion,
    values: config ?? {},
  };
};
