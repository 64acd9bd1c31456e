import type { Readable } from 'node:stream';
import type { RequestedApiFact } from '../records/upgrade/api-facts.ts';
import { readSamples } from './kubernetes-metrics.ts';
import { type Asker, askKubernetes } from './kubernetes-request.ts';

/** What one process of the API server counted since it started. */
interface Counted {
  /** Start of the process, seconds since 1970: what tells two servers behind one address apart. */
  readonly process: number;
  readonly deprecated: readonly Omit<RequestedApiFact, 'requests'>[];
  /** Requests by `keyOf`. */
  readonly requests: ReadonlyMap<string, number>;
}

/** Stable gauge: https://kubernetes.io/docs/reference/instrumentation/metrics/ */
const DEPRECATED = 'apiserver_requested_deprecated_apis';
const REQUESTS = 'apiserver_request_total';
const STARTED = 'process_start_time_seconds';
const NAMES: ReadonlySet<string> = new Set([DEPRECATED, REQUESTS, STARTED]);

/**
 * EKS runs at least two API servers behind one address, each with counters of its own and no way to choose: so it is
 * asked as often, each time by a connection that ends behind the answer.
 */
const READS = 3;

const QUESTION = {
  action: 'read /metrics',
  permission: 'get /metrics',
  path: '/metrics',
  accept: 'text/plain',
  leave: true,
} as const;

/**
 * Reads which deprecated APIs were asked for, and how often, since the API servers started: the union of several
 * reads, added up over the servers they met.
 *
 * @throws RefusedError `kubernetes.forbidden` without the right `get` on the path `/metrics`, TransientError.
 */
export const readRequestedApis = async (
  asker: Asker,
  signal?: AbortSignal,
): Promise<readonly RequestedApiFact[]> => {
  const servers = new Map<number, Counted>();
  for (let read = 0; read < READS; read++) {
    const counted = await askKubernetes(asker, QUESTION, signal, count);
    // The same server again: what it counted meanwhile is in the later answer.
    servers.set(counted.process, counted);
  }
  return addUp([...servers.values()]);
};

type Key = Pick<RequestedApiFact, 'group' | 'version' | 'resource' | 'subresource'>;
const keyOf = ({ group, version, resource, subresource }: Key): string =>
  `${group}/${version}/${resource}/${subresource}`;

const readKey = (labels: Readonly<Record<string, string>>): Key => ({
  group: labels['group'] ?? '',
  version: labels['version'] ?? '',
  resource: labels['resource'] ?? '',
  subresource: labels['subresource'] ?? '',
});

/** Holds one number for each resource and subresource, and no line. */
const count = async (body: Readable): Promise<Counted> => {
  let process = 0;
  const deprecated = new Array<Omit<RequestedApiFact, 'requests'>>();
  const requests = new Map<string, number>();
  for await (const { name, labels, value } of readSamples(body, NAMES)) {
    if (name === STARTED) process = value;
    else if (name === REQUESTS) {
      const key = keyOf(readKey(labels));
      requests.set(key, (requests.get(key) ?? 0) + value);
    } else if (value > 0) {
      deprecated.push({ ...readKey(labels), removedRelease: labels['removed_release'] ?? '' });
    }
  }
  return { process, deprecated, requests };
};

const addUp = (servers: readonly Counted[]): RequestedApiFact[] => {
  const found = new Map(
    servers.flatMap(({ deprecated }) => deprecated).map((api): [string, typeof api] => [keyOf(api), api]),
  );
  return [...found].map(([key, api]) => ({
    ...api,
    requests: servers.reduce((sum, { requests }) => sum + (requests.get(key) ?? 0), 0),
  }));
};
