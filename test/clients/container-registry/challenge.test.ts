import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Challenge, readChallenge } from '../../../functions/clients/container-registry/challenge.ts';

const realm = 'https://gitlab.example.com/jwt/auth';

describe('readChallenge', () => {
  it.each<[string, string | null, Challenge | undefined]>([
    [
      "GitLab's answer gives realm, service and scope",
      `Bearer realm="${realm}",service="container_registry",scope="repository:shop/web:pull,push"`,
      { scheme: 'bearer', realm, service: 'container_registry', scope: 'repository:shop/web:pull,push' },
    ],
    [
      'an error beside them does not matter',
      `Bearer realm="${realm}",service="s",scope="repository:a:pull",error="invalid_token"`,
      { scheme: 'bearer', realm, service: 's', scope: 'repository:a:pull' },
    ],
    ['scheme and names are read in any case', `BEARER Realm="${realm}"`, { scheme: 'bearer', realm }],
    [
      'values may stand without quotes',
      `Bearer realm=${realm},service=s`,
      { scheme: 'bearer', realm, service: 's' },
    ],
    [
      'escapes inside quotes are undone',
      'Bearer realm="https://a/\\"b\\\\"',
      { scheme: 'bearer', realm: 'https://a/"b\\' },
    ],
    [
      'spaces around signs are allowed',
      `Bearer realm = "${realm}" , service = "s"`,
      { scheme: 'bearer', realm, service: 's' },
    ],
    ['Basic is told', 'Basic realm="Registry"', { scheme: 'basic' }],
    ['Basic needs no realm', 'Basic', { scheme: 'basic' }],
    ['of both, Bearer is taken', `Basic realm="r", Bearer realm="${realm}"`, { scheme: 'bearer', realm }],
    ['Bearer without a realm is no use', 'Bearer service="s"', undefined],
    ['Bearer without a realm falls back to Basic', 'Bearer, Basic realm="r"', { scheme: 'basic' }],
    ['another scheme is none of ours', 'Negotiate abc', undefined],
    ['no header is no challenge', null, undefined],
    ['an empty header is no challenge', '', undefined],
    ['rubbish is no challenge', '"""===,,,', undefined],
  ])('%s', (_, header, expected) => {
    expect(readChallenge(header)).toEqual(expected);
  });

  it('reads back any realm and scope that is written in quotes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (realm, scope) => {
        const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
        const header = `Bearer realm=${quote(realm)},scope=${quote(scope)}`;
        expect(readChallenge(header)).toEqual({ scheme: 'bearer', realm, scope });
      }),
    );
  });

  it('ends for any header', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect([undefined, 'basic', 'bearer']).toContain(readChallenge(`Bearer ${header}`)?.scheme);
      }),
    );
  });
});
