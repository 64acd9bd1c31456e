import type { SecretNeedWord, SecretPurpose } from '../../records/backup/secret-fingerprints.ts';
import { type ChartValues, textOf } from '../values/chart-values.ts';
import { isValueMap, memberOf, type Value } from '../values/value-tree.ts';
import type { SecretNeed } from './secret-need.ts';

/** Secrets that people make, and that the values name. */

interface NamedSecret {
  /** Where the name stands; `*` is each member of a map or a list. */
  readonly path: string;
  readonly purpose: SecretPurpose;
  readonly why: string;
  /** `when-used` unless it says otherwise. */
  readonly need?: SecretNeedWord;
}

const OBJECTS = 'It says where GitLab keeps its objects, and by which rights.';
const TLS = 'It is the certificate by which clients know this host.';
const MAIL = 'It opens the mailbox or the mail server.';
const POSTGRESQL = 'It holds the password of the database.';
const REDIS = 'It holds the password of Redis.';

/**
 * Every place of the values that names such a secret, the usual ones first.
 *
 * Source: GitLab documentation, charts, "Configure charts using globals", "External services" and "TLS options";
 * GitLab chart 9 and 10, values.yaml.
 */
const NAMED: readonly NamedSecret[] = [
  { path: 'global.psql.*.password.secret', purpose: 'connection', why: POSTGRESQL },
  { path: 'global.psql.ssl.secret', purpose: 'connection', why: 'It proves this GitLab to its database.' },
  { path: 'global.redis.*.password.secret', purpose: 'connection', why: REDIS },
  { path: 'global.redis.sentinelAuth.secret', purpose: 'connection', why: REDIS },
  { path: 'global.appConfig.object_store.connection.secret', purpose: 'connection', why: OBJECTS },
  { path: 'global.appConfig.*.connection.secret', purpose: 'connection', why: OBJECTS },
  { path: 'global.pages.objectStore.connection.secret', purpose: 'connection', why: OBJECTS },
  {
    path: 'gitlab.toolbox.backups.objectStorage.config.secret',
    purpose: 'connection',
    why: 'It is the .s3cfg, without which the toolbox makes and restores no backup.',
  },
  {
    path: 'gitlab.toolbox.backups.registry.database.password.secret',
    purpose: 'connection',
    why: 'The toolbox dumps the database of the registry with it.',
  },
  { path: 'registry.storage.secret', purpose: 'connection', why: 'It says where the registry keeps images.' },
  { path: 'global.ingress.tls.secretName', purpose: 'identity', why: TLS },
  { path: 'gitlab.*.ingress.tls.secretName', purpose: 'identity', why: TLS },
  { path: 'registry.ingress.tls.secretName', purpose: 'identity', why: TLS },
  { path: 'global.gatewayApi.listeners.*.tls.secretName', purpose: 'identity', why: TLS },
  { path: 'global.gitaly.tls.secretName', purpose: 'identity', why: TLS },
  { path: 'global.praefect.tls.secretName', purpose: 'identity', why: TLS },
  { path: 'global.praefect.virtualStorages.*.tlsSecretName', purpose: 'identity', why: TLS },
  {
    path: 'global.certificates.customCAs.*.secret',
    purpose: 'connection',
    why: 'GitLab trusts other servers by it.',
  },
  { path: 'global.smtp.password.secret', purpose: 'connection', why: MAIL },
  { path: 'global.appConfig.incomingEmail.password.secret', purpose: 'connection', why: MAIL },
  { path: 'global.appConfig.incomingEmail.clientSecret.secret', purpose: 'connection', why: MAIL },
  { path: 'global.appConfig.serviceDeskEmail.password.secret', purpose: 'connection', why: MAIL },
  { path: 'global.appConfig.serviceDeskEmail.clientSecret.secret', purpose: 'connection', why: MAIL },
  { path: 'global.appConfig.microsoft_graph_mailer.client_secret.secret', purpose: 'connection', why: MAIL },
  { path: 'global.email.smime.secretName', purpose: 'identity', why: 'GitLab signs its mails with it.' },
  {
    path: 'global.appConfig.ldap.servers.*.password.secret',
    purpose: 'connection',
    why: 'GitLab looks its users up in LDAP with it.',
  },
  {
    path: 'global.appConfig.omniauth.providers.*.secret',
    purpose: 'connection',
    why: 'It holds a provider by which users sign in.',
  },
  {
    path: 'global.appConfig.smartcard.CASecret',
    purpose: 'connection',
    why: 'GitLab trusts smart cards by it.',
  },
  {
    path: 'global.gitlab.license.secret',
    purpose: 'identity',
    need: 'optional',
    why: 'It holds the first license; the current one is in the database.',
  },
];

/** Secrets that the values name, in the order of the table; one that is named at two places comes twice. */
export const listNamedSecrets = (values: ChartValues): SecretNeed[] =>
  NAMED.flatMap(({ path, ...row }) =>
    expand(values, path).map(
      ({ at, name }): SecretNeed => ({
        need: 'when-used',
        ...row,
        // The last word only says that a name follows.
        id: at.replace(/\.[^.]+$/, ''),
        name,
        namedBy: at,
      }),
    ),
  );

/** The places that a path with `*` stands for, and the names at them. */
const expand = (values: ChartValues, path: string): { at: string; name: string }[] => {
  const [first = '', ...rest] = path.split('.');
  let places: { at: string; value: Value | undefined }[] = [{ at: first, value: values.get(first) }];
  for (const step of rest) {
    places = places.flatMap(({ at, value }) =>
      keysOf(step, value).map((key) => ({ at: `${at}.${key}`, value: below(value, key) })),
    );
  }
  return places.flatMap(({ at, value }) => {
    const name = textOf(value);
    // What is no name of a secret was not meant to be one, and may be the secret itself.
    return name !== undefined && SECRET_NAME.test(name) ? [{ at, name }] : [];
  });
};

/** Source: Kubernetes documentation, "Object Names and IDs", DNS subdomain names. */
const SECRET_NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

const keysOf = (step: string, value: Value | undefined): string[] => {
  if (step !== '*') return [step];
  if (Array.isArray(value)) return value.map((_, index) => String(index));
  return isValueMap(value) ? Object.keys(value).filter((key) => !key.includes('.')) : [];
};

const below = (value: Value | undefined, key: string): Value | undefined =>
  Array.isArray(value) ? (value[Number(key)] as Value | undefined) : memberOf(value, key);
