import type { PlaceServer } from '../../records/backup/drill-place.ts';
import type { ProbeAddress } from '../../records/backup/drill-proof.ts';
import { asRangeText, holds, isPrivate, parseRange } from './address-range.ts';

/** Where pods of a drill may connect to: the servers of the place, S3, and nothing else. */

export interface AllowedEgress {
  /** `10.0.4.7/32`. */
  readonly cidr: string;
  readonly ports: readonly number[];
  /** What is there, as a noun. */
  readonly why: string;
}

/**
 * Link-local, so whoever does not use it reaches nobody there. Source: EKS User Guide, "Pod Identity considerations".
 * The address of instance metadata is not here: a pod that reaches it can take the role of its node.
 */
export const LINK_LOCAL_EGRESS: readonly AllowedEgress[] = [
  { cidr: '169.254.170.23/32', ports: [80], why: 'EKS Pod Identity' },
];

/** The servers of the place, by the addresses their names stood for when the drill began. */
export const allowServers = (servers: readonly PlaceServer[]): AllowedEgress[] =>
  servers.flatMap(({ what, addresses, port }) =>
    addresses.flatMap((address) => {
      const cidr = asRangeText(address);
      return cidr === undefined ? [] : [{ cidr, ports: [port], why: what }];
    }),
  );

/** Wider than this is no list of servers. The widest ranges of S3 in `ip-ranges.json` are of 15 and 16 bits. */
const WIDEST_V4 = 12;
const WIDEST_V6 = 32;

/** What a private range may hold, and a public one may not: S3 and STS speak HTTPS. */
const PUBLIC_PORTS: readonly number[] = [443];
/** Mail, whoever offers it: RFC 5321, RFC 6409, RFC 8314. */
const MAIL_PORTS: readonly number[] = [25, 465, 587, 2525];

const METADATA = ['169.254.169.254/32', 'fd00:ec2::254/128'];

/**
 * Whether a list lets out what must not get out.
 *
 * @param outside addresses that must stay out of reach; those that are no names are looked up in every range.
 * @returns sentences, empty when it is fit.
 */
export const judgeAllowed = (
  allowed: readonly AllowedEgress[],
  outside: readonly Pick<ProbeAddress, 'host'>[],
): string[] => {
  const shut = [...METADATA, ...outside.map(({ host }) => host)].flatMap((host) => {
    const range = parseRange(host);
    return range ? [{ host, range }] : [];
  });
  return allowed.flatMap(({ cidr, ports, why }) => {
    const range = parseRange(cidr);
    const what = `${cidr} (${why})`;
    if (!range) return [`${what} is no range of addresses.`];
    if (range.prefix < (range.family === 4 ? WIDEST_V4 : WIDEST_V6)) return [`${what} is too wide.`];
    const held = shut.find((one) => holds(range, one.range));
    return [
      ...(held ? [`${what} holds ${held.host}, which must stay out of reach.`] : []),
      ...(ports.length === 0 ? [`${what} names no port, and so would allow all.`] : []),
      ...ports
        .filter((port) => MAIL_PORTS.includes(port) || (!isPrivate(range) && !PUBLIC_PORTS.includes(port)))
        .map((port) => `${what} must not be allowed on port ${port}.`),
    ];
  });
};
