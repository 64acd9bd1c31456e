import { mapBounded } from '../../../clients/bounded.ts';
import type { Names } from '../../../clients/dns.ts';
import type { HelmReleases } from '../../../clients/helm-releases.ts';
import type { PlaceServer } from '../../../records/backup/drill-place.ts';
import type { ReadRelease } from '../../../records/backup/release-facts.ts';
import type { Known } from '../../preflight/facts.ts';
import { known, unknown } from '../../preflight/learn.ts';
import { describeRelease } from '../../release/describe-release.ts';
import { readReleaseValues } from '../../release/release-values.ts';
import { readSecretHints } from '../../release/secret-hints.ts';
import { openChartValues } from '../../values/chart-values.ts';
import type { MailFacts } from '../place-readiness.ts';
import { readPlaceValues } from '../place-values.ts';

/** What the release of one GitLab says of who it is, with the addresses that the names of its servers stand for. */
export interface ReleasePlace {
  readonly hosts: readonly string[];
  readonly servers: PlaceServer[];
  readonly mail: MailFacts;
  readonly release: ReadRelease;
}

interface ReleaseAddress {
  readonly cluster: string;
  readonly namespace: string;
  readonly release: string;
}

/** Questions to DNS at once. */
const WIDTH = 8;

/**
 * Reads it. No Secret beside the one of Helm is opened.
 *
 * @throws TransientError while the API server or DNS do not answer.
 * @throws RefusedError where something may not be read.
 */
export const readReleasePlace = async (
  { cluster, namespace, release: name }: ReleaseAddress,
  { releases, names, now }: { readonly releases: HelmReleases; readonly names: Names; readonly now: Date },
  signal: AbortSignal,
): Promise<Known<ReleasePlace>> => {
  const found = await releases.readRelease(namespace, name, signal);
  if (!found) return unknown(`there is no Helm release ${namespace}/${name} in cluster ${cluster}`);
  const read = readReleaseValues(found);
  if (!read.ok) return unknown(read.reason);
  const values = openChartValues(read.values, read.major);
  const { hosts, servers, mail } = readPlaceValues(values);
  const release = describeRelease(found, read, readSecretHints(values, new Map()), { readAt: now });
  const resolved = await mapBounded(servers, WIDTH, async (server) => ({
    ...server,
    addresses: [...(await names.resolve(server.host))],
  }));
  return known({ hosts, servers: resolved, mail, release });
};
