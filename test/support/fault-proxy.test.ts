import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listenOnLoopback, stopListening } from '../../infra/local/loopback.ts';
import { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** Answers what it was asked; counts, so that a test sees whether a request came through. */
let served = 0;
const echo = createServer((request, response) => {
  served += 1;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    const seen = { method, url, host: headers.host, body: Buffer.concat(chunks).toString() };
    response.setHeader('connection', 'close').end(JSON.stringify(seen));
  });
});
let port: number;
let proxy: FaultProxy;
let tcp: TcpProxy;

beforeAll(async () => {
  port = await listenOnLoopback(echo);
  proxy = await startFaultProxy(`http://127.0.0.1:${port}`);
  tcp = await startTcpProxy({ host: '127.0.0.1', port });
});
afterEach(() => {
  proxy.clear();
  served = 0;
});
afterAll(async () => {
  await Promise.all([proxy.stop(), tcp.stop()]);
  await stopListening(echo);
});

describe('fault proxy', () => {
  it('passes on method, path, Host and body as they came', async () => {
    const response = await fetch(`${proxy.url}/a%20b?c=d`, { method: 'PUT', body: 'hello' });
    const host = new URL(proxy.url).host;
    expect(await response.json()).toEqual({ method: 'PUT', url: '/a%20b?c=d', host, body: 'hello' });
    expect(proxy.requests).toMatchObject([{ method: 'PUT', path: '/a%20b?c=d' }]);
  });

  it('answers a status with headers by itself, as often as told, then passes on', async () => {
    proxy.inject({ path: '/busy' }, { status: 429, headers: { 'retry-after': '7' }, body: 'wait' }, 2);
    const answers = [];
    for (const path of ['/busy', '/free', '/busy', '/busy']) {
      const { status, headers } = await fetch(`${proxy.url}${path}`);
      answers.push([path, status, headers.get('retry-after')]);
    }
    expect(answers).toEqual([
      ['/busy', 429, '7'],
      ['/free', 200, null],
      ['/busy', 429, '7'],
      ['/busy', 200, null],
    ]);
    expect([served, proxy.count({ path: /busy/ })]).toEqual([2, 3]);
  });

  it('uses faults in the order in which they were given', async () => {
    proxy.inject({ method: 'GET' }, { status: 503 });
    proxy.inject({}, { status: 409 });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await fetch(proxy.url)).status);
    expect(statuses).toEqual([503, 409, 200]);
  });

  it.each<[string, Fault, number]>([
    ['cuts an answer in the middle', { cutAfterBytes: 5 }, 1],
    ['loses an answer that the real part gave', { loseAnswer: true }, 1],
    ['drops a request before the real part sees it', { dropRequest: true }, 0],
  ])('%s', async (_, fault, reached) => {
    proxy.inject({}, fault);
    await expect(fetch(proxy.url).then((response) => response.text())).rejects.toThrow(TypeError);
    expect(served).toBe(reached);
  });

  it('holds a request back, longer than its sender waits', async () => {
    proxy.inject({}, { delayMs: 60_000 });
    await expect(fetch(proxy.url, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
    expect([served, proxy.count()]).toEqual([0, 1]);
  });

  it('refuses connections while it is down, and is back under the same address', async () => {
    await proxy.down();
    await expect(fetch(proxy.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await proxy.up();
    expect((await fetch(proxy.url)).status).toBe(200);
  });

  it('has a request served and holds its answer back', async () => {
    proxy.inject({}, { delayAnswerMs: 60_000 });
    await expect(fetch(proxy.url, { signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout');
    expect(served).toBe(1);
  });
});

describe('TCP proxy', () => {
  it('passes bytes on, cuts, refuses and comes back', async () => {
    const url = `http://127.0.0.1:${tcp.port}/`;
    expect((await fetch(url)).status).toBe(200);
    await expect.poll(() => tcp.connections).toBe(0);
    tcp.freeze();
    const frozen = fetch(url);
    await expect.poll(() => tcp.connections).toBe(1);
    tcp.cut();
    await expect(frozen).rejects.toThrow('fetch failed');
    tcp.thaw();
    await tcp.down();
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await tcp.up();
    expect((await fetch(url)).status).toBe(200);
  });

  it('lets nothing through while it is frozen, and everything afterwards', async () => {
    await expect.poll(() => tcp.connections).toBe(0);
    tcp.freeze();
    const answer = fetch(`http://127.0.0.1:${tcp.port}/`);
    await expect.poll(() => tcp.connections).toBe(1);
    expect(served).toBe(0);
    tcp.thaw();
    expect((await answer).status).toBe(200);
  });
});
