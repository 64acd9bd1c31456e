import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitLab, openGitLab } from '../../functions/clients/gitlab.ts';
import { type LocalGitLab, startGitLab } from '../../infra/local/gitlab/start-gitlab.ts';
import { startCannedServer } from '../support/canned-server.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';

const TOKEN = 'glpat-canary-9c41';
const PROJECT = 'platform/clusters';
const patience = { attempts: 2, attemptMs: 500, totalMs: 2_000 };

let server: LocalGitLab;
let proxy: FaultProxy;
let gitlab: GitLab;
beforeEach(async () => {
  server = await startGitLab({ token: TOKEN, report: () => undefined });
  server.addProject(PROJECT, { 'a.tf': 'a' });
  proxy = await startFaultProxy(server.url);
  gitlab = openGitLab({ url: proxy.url, token: TOKEN, patience });
});
afterEach(async () => {
  await proxy.stop();
  await server.stop();
});

const read = (from = gitlab) => from.readFile(PROJECT, 'a.tf', 'main');
const create = () => gitlab.createIssue(PROJECT, { title: 't', description: 'd', marker: 'drydock:a' });
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

describe('a token that is not let in', () => {
  it.each<[string, number, string, RegExp]>([
    ['401', 401, '{"message":"401 Unauthorized"}', /it answers 401/],
    ['403', 403, '{"message":"403 Forbidden"}', /it answers 403/],
    ['403 for its scope', 403, '{"error":"insufficient_scope","scope":"api"}', /lacks the scope api/],
  ])('is forbidden by %s', async (_, status, body, message) => {
    proxy.inject({}, { status, body });
    // With all the time there is: a slow first attempt would be a second request.
    await expect(read(openGitLab({ url: proxy.url, token: TOKEN }))).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'gitlab.forbidden',
      message: expect.stringMatching(message),
    });
    expect(proxy.count()).toBe(1);
  });

  it('is forbidden when it is another one', async () => {
    const stranger = openGitLab({ url: proxy.url, token: 'glpat-wrong', patience });
    await expect(read(stranger)).rejects.toMatchObject({ code: 'gitlab.forbidden' });
  });
});

describe('what may pass', () => {
  it.each<[string, Fault]>([
    ['503', { status: 503 }],
    ['a short 429', { status: 429, headers: { 'retry-after': '0' } }],
    ['a dropped connection', { dropRequest: true }],
    ['a cut connection', { cutAfterBytes: 20 }],
    ['a slow answer', { delayMs: 700 }],
  ])('%s is asked again', async (_, fault) => {
    proxy.inject({}, fault);
    expect((await read())?.text).toBe('a');
    expect(proxy.count()).toBe(2);
  });

  it('a body that is cut behind its beginning is asked for again', async () => {
    const large = 'x'.repeat(300_000);
    server.addProject(PROJECT, { 'a.tf': large });
    proxy.inject({}, { cutAfterBytes: 200_000 });
    expect((await read())?.text).toBe(large);
    expect(proxy.count()).toBe(2);
  });

  it('a 429 that asks for a long pause is for others to wait', async () => {
    proxy.inject({}, { status: 429, headers: { 'retry-after': '60' }, body: 'Retry later' });
    await expect(read()).rejects.toMatchObject({
      name: 'TransientError',
      code: 'gitlab.unavailable',
      retryAfterSeconds: 60,
    });
    expect(proxy.count()).toBe(1);
  });

  it('what makes something is never repeated by itself', async () => {
    proxy.inject({ method: 'POST' }, { status: 503 });
    await expect(create()).rejects.toMatchObject({ name: 'TransientError', code: 'gitlab.unavailable' });
    expect(proxy.count({ method: 'POST' })).toBe(1);
  });

  it('an issue whose answer was lost is found by the next run', async () => {
    const keep = () => gitlab.keepIssue(PROJECT, { title: 't', description: 'd', marker: 'drydock:a' });
    proxy.inject({ method: 'POST' }, { loseAnswer: true });
    await expect(keep()).rejects.toMatchObject({ code: 'gitlab.unavailable' });
    await keep();
    expect(server.project(PROJECT).issues).toHaveLength(1);
  });

  it('a branch whose answer was lost is gone on with', async () => {
    const propose = () =>
      gitlab.proposeChange({
        project: PROJECT,
        file: 'a.tf',
        branch: 'main',
        content: 'b',
        title: 't',
        description: 'd',
        source: 's',
      });
    proxy.inject({ method: 'POST', path: 'commits' }, { loseAnswer: true });
    await expect(propose()).rejects.toMatchObject({ code: 'gitlab.unavailable' });
    // The branch has the file as wanted, and no merge request yet.
    expect(await propose()).toMatchObject({ outcome: 'proposed', number: 1 });
    // A branch that another run made between our look and our commit is found taken, then used.
    proxy.inject({ path: /ref=s$/ }, { status: 404, body: '{"message":"404 Commit Not Found"}' });
    expect(await propose()).toMatchObject({ outcome: 'proposed', number: 1 });
  });
});

describe('an address that is no GitLab', () => {
  it.each([
    ['a web page', { status: 200, body: '<html>' }, 'gitlab.no-api'],
    ['JSON of another kind', { status: 200, body: '{"hello":1}' }, 'gitlab.no-api'],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'gitlab.moved'],
    [
      'a project that is not there',
      { status: 404, body: '{"message":"404 Project Not Found"}' },
      'gitlab.missing',
    ],
    [
      'a refusal with a reason',
      { status: 400, body: '{"message":{"base":["is locked"]}}' },
      'gitlab.refused',
    ],
  ] as const)('%s is refused', async (_, fault, code) => {
    proxy.inject({}, fault);
    await expect(read()).rejects.toMatchObject({ name: 'RefusedError', code });
  });

  it('is not given the token of another after a redirect', async () => {
    const elsewhere = await startCannedServer(() => ({ body: '[]' }));
    proxy.inject({}, { status: 302, headers: { location: elsewhere.url } });
    await failure(read());
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.stop();
  });
});

it.each<[string, Fault]>([
  ['401', { status: 401 }],
  ['429', { status: 429 }],
  ['500', { status: 500 }],
  ['302', { status: 302 }],
  ['a dropped connection', { dropRequest: true }],
  ['a timeout', { delayMs: 60_000 }],
])('an error of %s holds nothing of the token, causes included', async (_, fault) => {
  proxy.inject({}, fault, Infinity);
  const error = await failure(read());
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('canary');
});
