import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { TokenKubeConfig } from '../../functions/clients/kubernetes-connection.ts';
import { parseSample } from '../../functions/clients/kubernetes-metrics.ts';
import { openKubernetesReader } from '../../functions/clients/kubernetes-reader-open.ts';
import { listenOnLoopback } from '../../infra/local/loopback.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Serves /metrics; each connection meets the next of some bodies, as behind a load balancer. */
const serve = async (bodies: readonly (readonly string[])[]) => {
  const sockets: unknown[] = [];
  const server = createServer((request, response) => {
    const body = bodies[sockets.length % bodies.length] ?? [];
    sockets.push(request.socket);
    for (const chunk of body) response.write(chunk);
    response.end();
  });
  const port = await listenOnLoopback(server);
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const config = new TokenKubeConfig(async () => ({}));
  config.loadFromClusterAndUser(
    { name: 'test', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: 'test' },
  );
  const connection = { cluster: 'production', config: async () => config, renew: () => undefined };
  return { reader: openKubernetesReader(connection), sockets };
};

const gauge = (version: string, removed: string, value = 1): string =>
  `apiserver_requested_deprecated_apis{group="policy",removed_release="${removed}",resource="podsecuritypolicies",subresource="",version="${version}"} ${value}\n`;
const requests = (verb: string, count: string, version = 'v1beta1'): string =>
  `apiserver_request_total{code="200",component="apiserver",dry_run="",group="policy",resource="podsecuritypolicies",scope="cluster",subresource="",verb="${verb}",version="${version}"} ${count}\n`;
const started = (at: number): string => `process_start_time_seconds ${at}\n`;

const FACT = { group: 'policy', version: 'v1beta1', resource: 'podsecuritypolicies', subresource: '' };

test('the requests of all verbs are added up, those of other versions are not', async () => {
  const body = [requests('LIST', '3'), requests('WATCH', '1.2e+03'), requests('GET', '9', 'v1')];
  const { reader } = await serve([[...body, gauge('v1beta1', '1.25'), started(1)]]);
  expect(await reader.readRequestedApis()).toEqual([{ ...FACT, removedRelease: '1.25', requests: 1203 }]);
});

test('a gauge of 0 was not asked for', async () => {
  const { reader } = await serve([[gauge('v1beta1', '1.25', 0), started(1)]]);
  expect(await reader.readRequestedApis()).toEqual([]);
});

test('several servers behind one address are each met, and added up once', async () => {
  const first = [requests('LIST', '3'), gauge('v1beta1', '1.25'), started(1)];
  const second = [requests('LIST', '4'), gauge('v1beta1', '1.25'), started(2)];
  const { reader, sockets } = await serve([first, second]);
  expect(await reader.readRequestedApis()).toEqual([{ ...FACT, removedRelease: '1.25', requests: 7 }]);
  expect(new Set(sockets).size).toBe(3);
});

test('one server that is met each time counts once, by its last word', async () => {
  const word = (count: string) => [requests('LIST', count), gauge('v1beta1', '1.25'), started(1)];
  const { reader } = await serve([word('3'), word('4'), word('5')]);
  expect(await reader.readRequestedApis()).toMatchObject([{ requests: 5 }]);
});

test('what only one of the servers saw is told', async () => {
  const { reader } = await serve([[started(1)], [gauge('v1beta1', ''), started(2)]]);
  expect(await reader.readRequestedApis()).toEqual([{ ...FACT, removedRelease: '', requests: 0 }]);
});

test('lines that are cut anywhere by the network are read whole', async () => {
  const text = `# HELP x y\n${requests('LIST', '3')}${gauge('v1beta1', '1.25')}${started(1)}`;
  const { reader } = await serve([text.split('')]);
  expect(await reader.readRequestedApis()).toMatchObject([{ requests: 3 }]);
});

test.each([
  ['a 1', { name: 'a', labels: {}, value: 1 }],
  ['a{} +Inf', undefined],
  ['a{b="c",d="e"} 2.5e+06', { name: 'a', labels: { b: 'c', d: 'e' }, value: 2_500_000 }],
  ['a{b="x\\"}\\\\y\\nz"} 1 1700000000', { name: 'a', labels: { b: 'x"}\\y\nz' }, value: 1 }],
  ['# TYPE a gauge', undefined],
  ['a', undefined],
  ['', undefined],
  ['a NaN', undefined],
] as const)('the line %j is %j', (line, sample) => {
  expect(parseSample(line)).toEqual(sample);
});
