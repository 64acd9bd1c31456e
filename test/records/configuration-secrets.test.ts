import { describe, expect, test } from 'vitest';
import { explain, withLine } from '../support/broken-configuration.ts';

describe('secrets', () => {
  test.each([
    'glpat-abcdefghij0123456789',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
    'Bearer abcdef',
    'c2VjcmV0LWlzLXZlcnktbG9uZzEyMzQ1Njc4',
    '5f4dcc3b5aa765d61d8327deb882cf99',
  ])('%s is refused as a reference, and not repeated', (secret) => {
    const text = explain(
      withLine(
        '    auth: { type: hmac, secret: drydock/pipelines }',
        `    auth: { type: hmac, secret: "${secret}" }`,
      ),
    );
    expect(text).toMatch(/^drydock\.yaml:15:33 sources\.pipelines\.auth\.secret: looks like a secret itself/);
    expect(text).not.toContain(secret);
  });

  test.each([
    'drydock/registry',
    'prod/GitLab.Registry_hook@2',
    'arn:aws:secretsmanager:eu-central-1:123456789012:secret:drydock/registry-AbCdEf',
    'a-very-long-name-of-a-secret-that-a-person-gave-2026',
  ])('%s is a reference', (reference) => {
    expect(
      explain(
        withLine(
          '    auth: { type: hmac, secret: drydock/pipelines }',
          `    auth: { type: hmac, secret: ${reference} }`,
        ),
      ),
    ).toBe('valid');
  });

  test.each([
    ['an unknown key', '    auth: { type: hmac, secret: drydock/pipelines, token: canary-4711 }'],
    ['a wrong reference', '    auth: { type: hmac, secret: "canary-4711 !" }'],
    ['a fault of syntax', '    auth: { type: hmac, secret: canary-4711'],
    [
      'a URL',
      '    auth: { type: hmac, secret: drydock/pipelines }\nregistry: https://robot:canary-4711@example.com',
    ],
  ])('%s is explained without repeating what it holds', (_what, line) => {
    const text = explain(withLine('    auth: { type: hmac, secret: drydock/pipelines }', line));
    expect(text).not.toBe('valid');
    expect(text).not.toContain('canary-4711');
  });

  test('an unknown key that sounds like a secret tells where secrets go', () => {
    const line = '    host: registry.example.com';
    expect(explain(withLine(line, `${line}\n    password: x`))).toMatch(
      'A secret never stands here: put it into AWS Secrets Manager and write its name',
    );
  });
});
