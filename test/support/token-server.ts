import { createSign, randomUUID } from 'node:crypto';
import { startCannedServer } from './canned-server.ts';
import { makeCertificate } from './certificate.ts';

/**
 * A token service as GitLab and Docker Hub run one: Basic in, signed token out, and a real registry verifies the
 * signature. It leaves out refresh tokens and knows one account, which may pull everything.
 */
export interface TokenServer {
  readonly url: string;
  /** Where the registry finds the certificate that signs: `auth.token.rootcertbundle`. */
  readonly certificate: string;
  /** Scopes of the tokens asked for, in order. */
  readonly asked: readonly string[];
  /** Seconds from now at which tokens really end, whatever `expires_in` tells; the registry allows 60 s more. */
  endsInSeconds: number;
  password: string;
  stop(): Promise<void>;
}

export const TOKEN_ISSUER = 'drydock-test-issuer';
export const TOKEN_SERVICE = 'drydock-test-registry';
export const TOKEN_USER = 'deployer';
/** What the service tells about every token. */
export const TOKEN_LIFETIME_SECONDS = 300;

/** Makes a key with a self-signed certificate in `folder` and starts the service. */
export const startTokenServer = async (folder: string): Promise<TokenServer> => {
  const { key, certificate, certificateFile } = await makeCertificate(folder);
  const x5c = [certificate.replaceAll(/-----[A-Z ]+-----|\s/g, '')];

  const asked: string[] = [];
  const sign = (scope: string): string => {
    const now = Math.floor(Date.now() / 1_000);
    const [type, name, actions = ''] = scope.split(':');
    const claims = {
      iss: TOKEN_ISSUER,
      sub: TOKEN_USER,
      aud: TOKEN_SERVICE,
      nbf: now - 600,
      iat: now - 600,
      exp: now + service.endsInSeconds,
      jti: randomUUID(),
      access: [{ type, name, actions: actions.split(',') }],
    };
    const parts = [{ typ: 'JWT', alg: 'RS256', x5c }, claims].map(encode).join('.');
    return `${parts}.${createSign('RSA-SHA256').update(parts).sign(key, 'base64url')}`;
  };
  const server = await startCannedServer((path, { authorization }) => {
    const basic = Buffer.from(`${TOKEN_USER}:${service.password}`).toString('base64');
    const query = new URL(path, 'http://token').searchParams;
    const scope = query.get('scope') ?? '';
    asked.push(scope);
    if (authorization !== `Basic ${basic}` || query.get('service') !== TOKEN_SERVICE) return { status: 401 };
    return { body: { token: sign(scope), expires_in: TOKEN_LIFETIME_SECONDS } };
  });
  const service: TokenServer = {
    url: server.url,
    certificate: certificateFile,
    asked,
    endsInSeconds: TOKEN_LIFETIME_SECONDS,
    password: `correct-${randomUUID()}`,
    stop: () => server.stop(),
  };
  return service;
};

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
