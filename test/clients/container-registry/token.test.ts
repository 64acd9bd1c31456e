import { describe, expect, it } from 'vitest';
import type { Answer, Question } from '../../../functions/clients/container-registry/ask.ts';
import { requestToken } from '../../../functions/clients/container-registry/token.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';

const NOW = '2026-11-21T08:00:00.000Z';
const clock = createFixedClock(NOW);
const scope = 'repository:shop/web:pull';
const password = 'canary-91d2';

interface Script {
  readonly registry?: string;
  readonly realm?: string;
  readonly challenge?: { service?: string; scope?: string };
  readonly status?: number;
  readonly body?: unknown;
  readonly date?: string;
  readonly anonymous?: boolean;
}

/** Buys a token from a service that answers as the script says. */
const buy = async (script: Script) => {
  const questions: Question[] = [];
  const ask = async (question: Question): Promise<Answer> => {
    questions.push(question);
    return {
      status: script.status ?? 200,
      headers: new Headers(script.date ? { date: script.date } : {}),
      url: question.url,
      body: new TextEncoder().encode(JSON.stringify(script.body ?? { token: 't' })),
    };
  };
  const outcome = requestToken(ask, clock, {
    registry: new URL(script.registry ?? 'https://registry.example.com'),
    challenge: {
      scheme: 'bearer',
      realm: script.realm ?? 'https://gitlab.example.com/jwt/auth',
      ...script.challenge,
    },
    scope,
    credentials: script.anonymous ? undefined : { username: 'deployer', password },
  });
  return { outcome, questions, asked: questions[0] };
};

describe('how a token is asked for', () => {
  it('names service and scope, keeps the query of the realm, and proves itself by Basic', async () => {
    const { asked } = await buy({
      realm: 'https://gitlab.example.com/jwt/auth?client=x',
      challenge: { service: 'container_registry', scope: `${scope} repository:other:pull` },
    });
    expect([...(asked?.url.searchParams ?? [])]).toEqual([
      ['client', 'x'],
      ['service', 'container_registry'],
      ['scope', scope],
      ['scope', 'repository:other:pull'],
    ]);
    expect(asked?.headers['authorization']).toBe(
      `Basic ${Buffer.from(`deployer:${password}`).toString('base64')}`,
    );
  });

  it('asks for the right to pull when the registry names no scope', async () => {
    expect((await buy({})).asked?.url.searchParams.getAll('scope')).toEqual([scope]);
  });

  it('sends no credentials when there are none', async () => {
    expect((await buy({ anonymous: true })).asked?.headers).toEqual({});
  });
});

describe('where credentials may go', () => {
  it.each([
    [
      'another host by https, as GitLab does',
      'https://registry.example.com',
      'https://gitlab.example.com/jwt/auth',
    ],
    ['the same host by https', 'https://registry.example.com', 'https://registry.example.com/token'],
    ['another port of a plain local registry', 'http://127.0.0.1:5000', 'http://127.0.0.1:5001/token'],
  ])('to %s', async (_, registry, realm) => {
    const { outcome, questions } = await buy({ registry, realm });
    expect([(await outcome).value, questions.length]).toEqual(['t', 1]);
  });

  it.each([
    ['plain http', 'https://registry.example.com', 'http://gitlab.example.com/jwt/auth'],
    ['plain http of the same host', 'https://registry.example.com', 'http://registry.example.com/token'],
    ['a foreign host that a plain registry names', 'http://127.0.0.1:5000', 'https://evil.example.com/token'],
    ['what is no URL', 'https://registry.example.com', 'gitlab'],
    ['a URL with other credentials in it', 'https://registry.example.com', 'https://a:b@gitlab.example.com/'],
    ['a file', 'http://localhost', 'file://localhost/etc/passwd'],
  ])('not to %s', async (_, registry, realm) => {
    const { outcome, questions } = await buy({ registry, realm });
    await expect(outcome).rejects.toMatchObject({ name: 'RefusedError', code: 'registry.realm' });
    expect(questions).toEqual([]);
  });
});

describe('how long a token is used', () => {
  const start = Date.parse(NOW);
  it.each<[string, object, string | undefined, number]>([
    ['60 s when nothing is said, less 10 s', {}, undefined, 50],
    ['what the service says, less 10 s', { expires_in: 300 }, undefined, 290],
    ['half of a very short life', { expires_in: 10 }, undefined, 5],
    ['60 s when the time is no number', { expires_in: 'soon' }, undefined, 50],
    ['60 s when the time is zero', { expires_in: 0 }, undefined, 50],
    [
      'the rest when the service hands out an older token',
      { expires_in: 300, issued_at: '2026-11-21T07:58:00Z' },
      'Sat, 21 Nov 2026 08:00:00 GMT',
      170,
    ],
    [
      'all of it when our clock is 4 minutes behind the service',
      { expires_in: 300, issued_at: '2026-11-21T08:04:00Z' },
      'Sat, 21 Nov 2026 08:04:00 GMT',
      290,
    ],
    [
      'all of it when our clock is 4 minutes ahead of the service',
      { expires_in: 300, issued_at: '2026-11-21T07:56:00Z' },
      'Sat, 21 Nov 2026 07:56:00 GMT',
      290,
    ],
    [
      'by our clock when the service does not tell its own',
      { expires_in: 300, issued_at: '2026-11-21T07:59:00Z' },
      undefined,
      230,
    ],
    ['all of it when the time of issue is no time', { expires_in: 300, issued_at: 'today' }, undefined, 290],
  ])('%s', async (_, answer, date, seconds) => {
    const { outcome } = await buy({ body: { token: 't', ...answer }, ...(date ? { date } : {}) });
    expect((await outcome).usableUntil - start).toBe(seconds * 1_000);
  });
});

describe('what the service answers', () => {
  it.each([
    [{ token: 'a' }, 'a'],
    [{ access_token: 'b' }, 'b'],
    [{ token: 'a', access_token: 'b' }, 'a'],
  ])('%j holds the token %s', async (body, token) => {
    expect((await (await buy({ body })).outcome).value).toBe(token);
  });

  it.each([
    [200, {}],
    [200, { token: '' }],
    [200, 'a page'],
    [404, {}],
    [302, {}],
  ])('%i with %j is no token, and the message says which setting is wrong', async (status, body) => {
    const { outcome } = await buy({ status, body });
    await expect(outcome).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'registry.token',
      message: expect.stringContaining('auth.token'),
    });
  });

  it.each([401, 403])('%i names registry, service and scope, and no credential', async (status) => {
    const { outcome } = await buy({ status });
    await expect(outcome).rejects.toMatchObject({
      code: 'registry.unauthorized',
      message: expect.stringMatching(
        /registry\.example\.com.*gitlab\.example\.com.*repository:shop\/web:pull/,
      ),
    });
    await expect(outcome).rejects.not.toThrow(password);
  });
});
