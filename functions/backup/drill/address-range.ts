import * as z from 'zod';

/** Ranges of IP addresses as NetworkPolicies name them: `10.0.0.0/16`, `2001:db8::/32`. */

interface AddressRange {
  readonly family: 4 | 6;
  /** First address. */
  readonly first: bigint;
  /** Bits that all addresses of the range have in common. */
  readonly prefix: number;
}

const WIDTH = { 4: 32, 6: 128 } as const;

const V4 = z.ipv4();
const V6 = z.ipv6();

/** Reads a range, or one address as a range of its own; undefined for whatever is neither. */
export const parseRange = (text: string): AddressRange | undefined => {
  const [address = '', length, ...rest] = text.split('/');
  const family = V4.safeParse(address).success ? 4 : V6.safeParse(address).success ? 6 : undefined;
  if (family === undefined || rest.length > 0) return undefined;
  const width = WIDTH[family];
  const prefix = length === undefined ? width : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (!(prefix >= 0 && prefix <= width)) return undefined;
  const value = family === 4 ? readV4(address) : readV6(address);
  const shift = BigInt(width - prefix);
  return { family, first: (value >> shift) << shift, prefix };
};

/** Does one range hold all of another? */
export const holds = (outer: AddressRange, inner: AddressRange): boolean => {
  if (outer.family !== inner.family || inner.prefix < outer.prefix) return false;
  const shift = BigInt(WIDTH[outer.family] - outer.prefix);
  return outer.first >> shift === inner.first >> shift;
};

/**
 * Nobody on the internet has such an address: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291; nor has anybody
 * outside of one machine that of its loopback: RFC 1122, section 3.2.1.3, RFC 4291, section 2.5.3.
 */
const PRIVATE = [
  '127.0.0.0/8',
  '::1/128',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

/** Is every address of it one inside of networks? */
export const isPrivate = (range: AddressRange): boolean =>
  PRIVATE.some((text) => {
    const outer = parseRange(text);
    return outer !== undefined && holds(outer, range);
  });

/** As a NetworkPolicy takes one address: `10.0.4.7/32`; undefined for what is none. */
export const asRangeText = (address: string): string | undefined => {
  const range = address.includes('/') ? undefined : parseRange(address);
  return range && `${address}/${WIDTH[range.family]}`;
};

const readV4 = (address: string): bigint =>
  address.split('.').reduce((value, part) => (value << 8n) + BigInt(part), 0n);

/** RFC 4291, section 2.2: groups of 16 bits, a run of zeros as `::`, the last two groups as an IPv4 address. */
const readV6 = (address: string): bigint => {
  const dotted = /\d+\.\d+\.\d+\.\d+$/.exec(address)?.[0];
  const low = dotted === undefined ? undefined : readV4(dotted);
  const plain =
    low === undefined
      ? address
      : address.replace(
          /\d+\.\d+\.\d+\.\d+$/,
          `${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`,
        );
  const [head = '', tail] = plain.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(zeros).fill('0'), ...after].reduce(
    (value, group) => (value << 16n) + BigInt(`0x${group}`),
    0n,
  );
};
