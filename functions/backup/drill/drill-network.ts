import type { DrillInspection } from '../../records/backup/drill-inspection.ts';
import type { PlaceServer, UsedPlace } from '../../records/backup/drill-place.ts';
import type { ProbeAddress } from '../../records/backup/drill-proof.ts';
import type { DrillSettings } from '../../records/configuration/backup-drill.ts';
import { type AllowedEgress, allowServers, judgeAllowed, LINK_LOCAL_EGRESS } from './allowed-egress.ts';
import { defaultOutside, listControls, outsideOfHosts } from './probe-addresses.ts';

/** What the network of a drill lets through, and what a probe tries, by drydock.yaml and what was read of the place. */

export interface NetworkWishes {
  readonly allowed: readonly AllowedEgress[];
  readonly outside: readonly ProbeAddress[];
  readonly controls: readonly ProbeAddress[];
}

/** @param servers of the place, with the addresses that their names stood for when the drill began. */
export const listAllowed = (
  servers: readonly PlaceServer[],
  { allowed }: Pick<DrillSettings, 'allowed'>,
): AllowedEgress[] => [...allowServers(servers), ...LINK_LOCAL_EGRESS, ...allowed];

/** Everything that a probe tries: outside, and to be held against it what is allowed. */
export const composeNetwork = (
  servers: readonly PlaceServer[],
  used: readonly UsedPlace[],
  region: string,
  settings: DrillSettings,
): NetworkWishes => {
  const { outside, s3Endpoint } = settings;
  const hosts = used.flatMap((one) => one.hosts.map((host) => host.toLowerCase()));
  return {
    allowed: listAllowed(servers, settings),
    outside: listOnce([...outside, ...defaultOutside(region), ...outsideOfHosts(hosts)]),
    controls: listOnce(
      listControls(servers, { region, ...(s3Endpoint === undefined ? {} : { s3Endpoint }) }),
    ),
  };
};

/** Tried once and named once, whoever else has named it. */
const listOnce = (addresses: readonly ProbeAddress[]): ProbeAddress[] =>
  addresses.filter(
    ({ host, port }, index) =>
      addresses.findIndex((other) => other.host === host && other.port === port) === index,
  );

/**
 * Whether what is allowed lets out what must not get out: the addresses of outside, and the servers that people work
 * with, where a range would reach them on their own port.
 *
 * @returns sentences, empty when it is fit.
 */
export const judgeNetwork = (
  { allowed, outside }: NetworkWishes,
  { used }: Pick<DrillInspection, 'used'>,
): string[] => {
  const servers = used.flatMap((one) => one.servers);
  return allowed.flatMap((entry) => {
    const theirs = servers
      .filter(({ port }) => entry.ports.includes(port))
      .flatMap(({ addresses }) => addresses.map((host) => ({ host })));
    return judgeAllowed([entry], [...outside, ...theirs]);
  });
};
