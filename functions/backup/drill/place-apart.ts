import type { PlaceIdentity, UsedPlace } from '../../records/backup/drill-place.ts';
import { matchesBucket } from './bucket-pattern.ts';

/** Whether the place of a drill is nobody's: what it fills and empties must belong to no environment. */

/**
 * Compares a place with every environment there is. Names are compared without regard to case and to a dot at their
 * end; servers by their addresses as well, since two names may stand for one. A server is shared even when the names of
 * databases on it differ: a restore loads the machine that people work with.
 *
 * @returns sentences, empty only when everything is known and nothing is shared.
 */
export const findShared = (place: PlaceIdentity, used: readonly UsedPlace[]): string[] => [
  ...judgeKnowledge(place),
  ...used.flatMap((one) => compare(place, one)),
];

const judgeKnowledge = ({ servers, buckets }: PlaceIdentity): string[] => [
  ...(buckets.length === 0 ? ['No bucket of the place is known, so nobody can tell whose they are.'] : []),
  ...servers
    .filter(({ addresses }) => addresses.length === 0)
    .map(
      ({ what, host }) =>
        `Nobody can tell which server ${host} (${what} of the place) is: no address is known of it.`,
    ),
];

const compare = (place: PlaceIdentity, used: UsedPlace): string[] => {
  const { environment, unread } = used;
  return [
    ...(unread === undefined ? [] : [`What ${environment} uses is not known: ${unread}.`]),
    ...sameNamespace(place, used),
    ...sharedHosts(place, used),
    ...sharedServers(place, used),
    ...sharedBuckets(place, used),
  ];
};

const sameNamespace = (place: PlaceIdentity, used: UsedPlace): string[] =>
  place.account === used.account &&
  place.region === used.region &&
  place.cluster === used.cluster &&
  used.namespaces.includes(place.namespace)
    ? [`Namespace ${place.namespace} of ${place.cluster} is that of ${used.environment}.`]
    : [];

const sharedHosts = (place: PlaceIdentity, { environment, hosts }: UsedPlace): string[] => {
  const theirs = new Set(hosts.map(plainName));
  return place.hosts
    .filter((host) => theirs.has(plainName(host)))
    .map((host) => `${host} is the address of ${environment}.`);
};

const sharedServers = (place: PlaceIdentity, used: UsedPlace): string[] =>
  place.servers.flatMap(({ what, host, addresses }) => {
    const name = plainName(host);
    const instance = used.instances.find((id) => name === id || name.startsWith(`${id.toLowerCase()}.`));
    if (instance !== undefined)
      return [`${host} (${what}) is the RDS instance ${instance} of ${used.environment}.`];
    const same = used.servers.find(
      (one) => plainName(one.host) === name || one.addresses.some((address) => addresses.includes(address)),
    );
    return same ? [`${host} (${what}) is ${same.host}, the ${same.what} server of ${used.environment}.`] : [];
  });

const sharedBuckets = (place: PlaceIdentity, { environment, buckets, bucketPatterns }: UsedPlace): string[] =>
  place.buckets.flatMap((bucket) => {
    if (buckets.includes(bucket)) return [`Bucket ${bucket} is one of ${environment}.`];
    const pattern = bucketPatterns.find((one) => matchesBucket(one, bucket));
    return pattern === undefined
      ? []
      : [`Bucket ${bucket} looks like one of ${environment}, which names its buckets ${pattern}.`];
  });

const plainName = (host: string): string => host.toLowerCase().replace(/\.$/, '');
