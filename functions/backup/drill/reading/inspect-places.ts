import type { Names } from '../../../clients/dns.ts';
import type { HelmReleases } from '../../../clients/helm-releases.ts';
import type { DrillRun } from '../../../records/backup/drill.ts';
import type { DrillInspection } from '../../../records/backup/drill-inspection.ts';
import type { PlaceIdentity } from '../../../records/backup/drill-place.ts';
import type { ReadRelease } from '../../../records/backup/release-facts.ts';
import { siteOf } from '../../../records/configuration/lookup.ts';
import type { Configuration } from '../../../records/configuration.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { RefusedError, TransientError } from '../../../runtime/errors.ts';
import type { Known } from '../../preflight/facts.ts';
import { known, unknown } from '../../preflight/learn.ts';
import { nameLook } from '../look-name.ts';
import { listUsedPlaces, type ReadEnvironment } from '../used-places.ts';
import { accountOf } from './drill-subject.ts';
import { type ReleasePlace, readReleasePlace } from './read-release-place.ts';

export interface PlaceSources {
  readonly configuration: Configuration;
  readonly releases: (cluster: { readonly cluster: string; readonly region: string }) => HelmReleases;
  readonly names: Names;
  readonly clock: Clock;
}

/**
 * Reads the place of a drill, and every environment that is backed up. An environment that can not be read is not known,
 * and no reason to see nothing of the others.
 *
 * @throws TransientError while the API server of the place or DNS do not answer.
 */
export const inspectPlaces = async (
  run: DrillRun,
  sources: PlaceSources,
  signal: AbortSignal,
): Promise<DrillInspection> => {
  const now = sources.clock.now();
  const seen = await readPlaces(run, sources, signal);
  return { version: 1, drill: run.id, look: nameLook(run), ...seen, readAt: now.toISOString() };
};

/**
 * The same of any place that is restored into.
 *
 * @throws TransientError while the API server of the place or DNS do not answer.
 */
export const readPlaces = async (
  of: RestoredPlace,
  sources: PlaceSources,
  signal: AbortSignal,
): Promise<Pick<DrillInspection, 'place' | 'mail' | 'used'>> => {
  const { configuration } = sources;
  const account = accountOf(configuration, of.environment);
  const [place, read] = await Promise.all([
    readPlace(of, sources, signal),
    readEnvironments(account, sources, signal),
  ]);
  return {
    place: place.known ? identify(of, account, place.value) : place,
    mail: place.known ? known({ on: [...place.value.mail.on] }) : place,
    used: listUsedPlaces(configuration, read),
  };
};

type RestoredPlace = Pick<DrillRun, 'target' | 'environment'>;

const readPlace = async (
  { target }: RestoredPlace,
  { releases, names, clock }: PlaceSources,
  signal: AbortSignal,
): Promise<Known<ReleasePlace>> => {
  try {
    return await readReleasePlace(target, { releases: releases(target), names, now: clock.now() }, signal);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return unknown(error.message);
  }
};

/**
 * What a restore fills must be known to the last bucket: one that no value names is not emptied. The bucket of Gitaly's
 * own backups is no part of it.
 */
const identify = (
  { target, environment }: RestoredPlace,
  account: string | undefined,
  { hosts, servers, release }: ReleasePlace,
): Known<PlaceIdentity> => {
  if (account === undefined) return unknown(`drydock.yaml has no environment ${environment} any more`);
  const unnamed = release.components.filter(({ on, bucket }) => on && bucket === undefined);
  if (unnamed.length > 0) {
    return unknown(`its values name no bucket at ${unnamed.map(({ path }) => path).join(', ')}`);
  }
  if (release.tmpBucket === undefined) return unknown('its values name no tmpBucket');
  const { cluster, region, namespace, release: name } = target;
  return known({
    account,
    region,
    cluster,
    namespace,
    release: name,
    hosts: [...hosts],
    servers,
    buckets: [...new Set([...listObjectBuckets(release, ({ on }) => on), release.tmpBucket])],
  });
};

const listObjectBuckets = (
  { components }: ReadRelease,
  isMeant: (component: ReadRelease['components'][number]) => boolean,
): string[] => components.flatMap((one) => (isMeant(one) && one.bucket !== undefined ? [one.bucket] : []));

/** A blip of one API server is no reason to give a whole drill up. */
const TRIES = 3;
const PAUSE_MS = 5_000;

const readEnvironments = async (
  account: string | undefined,
  sources: PlaceSources,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Known<ReadEnvironment>>> => {
  const { configuration } = sources;
  const names = Object.keys(configuration.backup?.environments ?? {});
  const read = await Promise.all(
    names.map(
      async (environment) =>
        [environment, await readEnvironment(environment, account, sources, signal)] as const,
    ),
  );
  return new Map(read);
};

const readEnvironment = async (
  environment: string,
  account: string | undefined,
  { configuration, releases, names, clock }: PlaceSources,
  signal: AbortSignal,
): Promise<Known<ReadEnvironment>> => {
  const member = configuration.environments[environment];
  const site = member && siteOf(configuration, member);
  const settings = configuration.backup?.environments[environment];
  if (!site || !settings) return unknown('drydock.yaml names no cluster of it');
  // A cluster of the same name in our own account would be taken for it.
  if (site.account !== account)
    return unknown(`it lies in account ${site.account}, which nobody reads from here`);
  if (!settings.secrets.helmValues) {
    return unknown('its values are not read, as secrets.helmValues in drydock.yaml says');
  }
  const { cluster } = member;
  const { namespace, release } = settings;
  for (let attempt = 1; ; attempt++) {
    try {
      const found = await readReleasePlace(
        { cluster: cluster.name, namespace, release },
        { releases: releases({ cluster: cluster.name, region: site.region }), names, now: clock.now() },
        signal,
      );
      return found.known ? known(summarise(found.value)) : found;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TransientError && attempt < TRIES) {
        await clock.sleep(PAUSE_MS, signal);
        continue;
      }
      if (!(error instanceof TransientError || error instanceof RefusedError)) throw error;
      return unknown(error.message);
    }
  }
};

/** Every bucket counts, also of what is switched off: its objects are still there. */
const summarise = ({ hosts, servers, release }: ReleasePlace): ReadEnvironment => ({
  hosts,
  servers,
  buckets: [
    ...new Set([
      ...listObjectBuckets(release, () => true),
      ...[release.tmpBucket, release.backupBucket, release.gitaly.bucket].flatMap((one) => one ?? []),
    ]),
  ],
});
