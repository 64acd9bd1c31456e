import { lookup } from 'node:dns/promises';
import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { TransientError } from '../runtime/errors.ts';

/** Is there somebody at this address? Name, connection and certificate, each with its own error. */

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** PEM of the authority that its certificate must come from; unless set, those that Node trusts. */
  readonly certificateAuthority?: string;
}

/** Long enough for a slow network, short enough for a person who waits. Milliseconds. */
const TIMEOUT_MS = 5_000;

/** The endpoint at which a URL answers. */
export const endpointOf = (url: string, certificateAuthority?: string): Endpoint => {
  const { protocol, hostname, port } = new URL(url);
  const tls = protocol === 'https:';
  return {
    // A URL writes an IPv6 address in brackets, a socket does not.
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (tls ? 443 : 80) : Number(port),
    tls,
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
  };
};

/**
 * Looks the name up, connects and, over TLS, checks the certificate; says at which IP address somebody answered.
 *
 * @throws TransientError `endpoint.name` (no DNS record), `endpoint.connection` (refused, or no answer),
 *   `endpoint.tls` (something else than TLS answers), `endpoint.certificate` (not trusted, or for another name).
 */
export const probeEndpoint = async (endpoint: Endpoint): Promise<string> => {
  const where = `${endpoint.host}:${endpoint.port}`;
  const { address } = await lookup(endpoint.host).catch((cause: unknown) => {
    throw new TransientError('endpoint.name', `${endpoint.host} has no address in DNS.`, { cause });
  });
  await connectOnce(endpoint).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw explain(where, address, code, cause);
  });
  return address;
};

const explain = (where: string, address: string, code: string, cause: unknown): TransientError => {
  if (/^ERR_SSL|^EPROTO$/.test(code)) {
    return new TransientError('endpoint.tls', `${where} (${address}) does not speak TLS (${code}).`, {
      cause,
    });
  }
  if (/CERT|SELF_SIGNED|TLS|VERIFY/.test(code)) {
    const message = `The certificate of ${where} is not trusted (${code}).`;
    return new TransientError('endpoint.certificate', message, { cause });
  }
  const message = `${where} (${address}) does not answer (${code}).`;
  return new TransientError('endpoint.connection', message, { cause });
};

const connectOnce = ({ host, port, tls, certificateAuthority }: Endpoint): Promise<void> =>
  new Promise((resolve, reject) => {
    // An address is no server name: RFC 6066, section 3.
    const servername = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
    const socket = tls
      ? connectTls({ host, port, ...servername, ...(certificateAuthority && { ca: certificateAuthority }) })
      : connectPlain({ host, port });
    const end = (error?: Error): void => {
      socket.destroy();
      if (error) reject(error);
      else resolve();
    };
    socket.setTimeout(TIMEOUT_MS, () => end(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    socket.once(tls ? 'secureConnect' : 'connect', () => end());
    socket.once('error', end);
  });
