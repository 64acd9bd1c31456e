import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { TransientError } from '../runtime/errors.ts';

/** What names stand for, as this process sees it: by the resolver of its network, private zones included. */
export interface Names {
  /**
   * All addresses of a host, in order and each once. An address stands for itself, and a name that nobody knows for
   * none.
   *
   * @throws TransientError `dns.unavailable` when the resolver does not answer: that a name is unknown can not be told.
   */
  resolve(host: string): Promise<readonly string[]>;
}

/** Codes of a name that nobody knows. Source: Node.js documentation, "DNS", "Error codes"; getaddrinfo(3). */
const UNKNOWN: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NODATA', 'EAI_NONAME']);

type Lookup = (host: string, options: { readonly all: true }) => Promise<readonly { address: string }[]>;

/** Opens the resolver of this process. @param look does one question; that of Node unless a test has another. */
export const openNames = (look: Lookup = lookup): Names => ({
  resolve: async (host) => {
    if (isIP(host) !== 0) return [host];
    try {
      const found = await look(host, { all: true });
      return [...new Set(found.map(({ address }) => address))].toSorted();
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      if (UNKNOWN.has(code)) return [];
      throw new TransientError('dns.unavailable', `DNS did not answer what ${host} stands for (${code}).`, {
        cause,
      });
    }
  },
});
