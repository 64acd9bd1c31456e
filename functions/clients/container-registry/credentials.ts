import { RefusedError } from '../../runtime/errors.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** RFC 7617: user name and password in UTF-8, joined by a colon. */
export const encodeBasic = ({ username, password }: Credentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;

interface Refusal {
  readonly registry: string;
  /** The host that refused: the registry or its token service. */
  readonly by: string;
  readonly scope: string;
  readonly hasCredentials: boolean;
}

/** Says who refused what and which setting to look at; never a credential, nor what the other side answered. */
export const refuseAccess = ({ registry, by, scope, hasCredentials }: Refusal): RefusedError => {
  const service = by === registry ? '' : ` (its token service ${by})`;
  return new RefusedError(
    'registry.unauthorized',
    hasCredentials
      ? `${registry}${service} refuses our credentials the scope ${scope}. Check that the secret which drydock.yaml ` +
          'names for this registry is current and that its account may pull from this repository.'
      : `${registry}${service} refuses the scope ${scope} without credentials. Name a secret with a user name and ` +
          'password for this registry in drydock.yaml, or check that the repository exists.',
  );
};
