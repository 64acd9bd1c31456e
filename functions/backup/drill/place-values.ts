import type { PlaceServer } from '../../records/backup/drill-place.ts';
import { type ChartValues, textOf } from '../values/chart-values.ts';
import { isTruthy, isValueMap, memberOf, type Value } from '../values/value-tree.ts';
import type { MailFacts } from './place-readiness.ts';

/** What the Helm values of a release say of who it is: its addresses, its servers, and whether it writes mail. */

/** A server without what its name stands for, which no values tell. */
type NamedServer = Omit<PlaceServer, 'addresses'>;

interface PlaceValues {
  readonly hosts: readonly string[];
  readonly servers: readonly NamedServer[];
  readonly mail: MailFacts;
}

export const readPlaceValues = (values: ChartValues): PlaceValues => ({
  hosts: readHosts(values),
  servers: readServers(values),
  mail: { on: MAIL.filter((path) => values.isOn(path)) },
});

/**
 * What sends mail, and what takes it out of a mailbox.
 *
 * Source: GitLab documentation, charts, "Configure charts using globals" and "Command line options", "Outgoing email
 * configuration", "Incoming email configuration", "Service Desk email configuration".
 */
const MAIL = [
  'global.smtp.enabled',
  'global.appConfig.microsoft_graph_mailer.enabled',
  'global.appConfig.incomingEmail.enabled',
  'global.appConfig.serviceDeskEmail.enabled',
] as const;

/** Parts of GitLab that have an address of their own, by their key and default name. */
const PARTS = ['gitlab', 'registry', 'pages', 'kas', 'minio', 'smartcard', 'ssh', 'tls', 'openbao'] as const;

/** Source: GitLab documentation, charts, "Configure Host settings": a name, or the part, suffix and domain. */
const readHosts = (values: ChartValues): string[] => {
  const domain = values.text('global.hosts.domain');
  const suffix = values.text('global.hosts.hostSuffix');
  const hosts = PARTS.flatMap((part) => {
    const name =
      values.text(`global.hosts.${part}.name`) ??
      (part === 'ssh' ? values.text('global.hosts.ssh') : undefined);
    if (name !== undefined) return [name];
    return domain === undefined ? [] : [`${part}${suffix === undefined ? '' : `-${suffix}`}.${domain}`];
  });
  return [...new Set(hosts)];
};

const PORTS = { database: 5432, redis: 6379, gitaly: 8075 } as const;

/** Every map below that names a host is a server: `main` and `ci` of the database, `cache` and `queues` of Redis. */
const readServers = (values: ChartValues): NamedServer[] => {
  const found = [
    ...readTree('database', values.get('global.psql')),
    ...readTree('database', values.get('global.praefect.psql')),
    ...readTree('redis', values.get('global.redis')),
    ...values.list('global.gitaly.external').flatMap((one) => readServer('gitaly', one, 'hostname')),
    ...values.list('global.praefect.external').flatMap((one) => readServer('gitaly', one, 'hostname')),
  ];
  return found.filter((one, index) => found.findIndex((other) => nameOf(other) === nameOf(one)) === index);
};

const readTree = (what: PlaceServer['what'], value: Value | undefined): NamedServer[] =>
  isValueMap(value)
    ? [...readServer(what, value, 'host'), ...Object.values(value).flatMap((one) => readTree(what, one))]
    : Array.isArray(value)
      ? value.flatMap((one: Value) => readTree(what, one))
      : [];

/** A host name or address: whatever else stands there may be a secret in a wrong place. */
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$/;

const readServer = (what: PlaceServer['what'], value: Value, key: string): NamedServer[] => {
  const host = textOf(memberOf(value, key));
  if (host === undefined || !HOST.test(host)) return [];
  const given = memberOf(value, 'port');
  const port = isTruthy(given) ? Number(textOf(given)) : PORTS[what];
  return [{ what, host, port: Number.isInteger(port) && port > 0 && port <= 65_535 ? port : PORTS[what] }];
};

const nameOf = ({ what, host, port }: NamedServer): string => `${what} ${host}:${port}`;
