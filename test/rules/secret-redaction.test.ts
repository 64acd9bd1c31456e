import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REMOVED, redactJson, redactText } from '../../functions/rules/secret-redaction.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl';

describe('redactText removes', () => {
  const rows: [title: string, text: string, leaked: string][] = [
    ['a JWT', `say ${JWT} now`, 'eyJzdWIi'],
    ['a JWT whose end was cut off', `"user": "${JWT.slice(0, 30)}`, 'eyJzdWI'],
    ['the JWT that the GitLab registry puts into actor.user', `"actor":{"user":"${JWT}"`, 'eyJzdWIi'],
    ['an actor.user that does not look like a JWT', '"actor":{"user":"canary","name":"ci"}', 'canary'],
    ['what follows Bearer', 'Authorization: Bearer canary-1234', 'canary'],
    ['what follows Basic', 'basic Y2FuYXJ5OmNhbmFyeQ==', 'Y2FuYXJ5'],
    ['a GitLab token', 'glpat-canary1234567890', 'canary'],
    ['a webhook signing key', 'whsec_canary1234', 'canary'],
    ['a field of a form', 'tag=1.4&token=canary&image=web', 'canary'],
    ['a password in cut JSON', '{"password" : "can\\"ary', 'ary'],
    ['credentials of a URL', 'https://ci:canary@registry.example.com/v2/', 'canary'],
    ['credentials of a URL that was cut', 'https://ci:canary', 'canary'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----', 'canary'],
    ['the beginning of a known secret where the text was cut', 'x=correct-hor', 'correct'],
    ['a secret that is known, wherever it stands', 'x=correct-horse-battery', 'correct-horse'],
  ];
  it.each(rows)('%s', (_title, text, leaked) => {
    const redacted = redactText(text, ['correct-horse-battery']);
    expect(redacted).toContain(REMOVED);
    expect(redacted).not.toContain(leaked);
  });

  it('nothing from a text without secrets', () => {
    const text = '{"events":[{"action":"push","target":{"repository":"shop/web","tag":"1.4.2"}}]}';
    expect(redactText(text)).toBe(text);
  });
});

describe('redactJson', () => {
  it('removes fields by their name, with all that is in them', () => {
    const value = {
      actor: { name: 'ci', user: 'canary' },
      accessToken: { value: 'canary' },
      list: [{ Cookie: 1 }],
    };
    expect(redactJson(value)).toEqual({
      actor: { name: 'ci', user: REMOVED },
      accessToken: REMOVED,
      list: [{ Cookie: REMOVED }],
    });
  });

  it('ends at a depth that no sender of ours reaches, and does not overflow', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(5_000)}"canary"${']'.repeat(5_000)}`);
    expect(JSON.stringify(redactJson(deep))).not.toContain('canary');
  });

  it('leaves no known secret in any JSON', () => {
    const canary = 'canary-0123456789';
    const withCanary = fc.string().map((text) => `${text}${canary}${text}`);
    fc.assert(
      fc.property(fc.jsonValue(), withCanary, fc.string(), (value, text, name) => {
        const body = { value, [name]: text, [text]: [text], nested: { text } };
        expect(JSON.stringify(redactJson(body, [canary]))).not.toContain(canary);
      }),
    );
  });
});
