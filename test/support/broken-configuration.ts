import { expect } from 'vitest';
import { parseConfiguration } from '../../functions/records/configuration/parse-configuration.ts';
import { formatProblems } from '../../functions/records/configuration/problem.ts';

/** A whole, valid file, in which each row below breaks one thing. Line 1 is `version`. */
export const VALID = `version: 1
sites:
  main:
    account: '123456789012'
    region: eu-central-1
environments:
  staging:
    cluster: { name: shop }
registries:
  gitlab:
    host: registry.example.com
sources:
  pipelines:
    kind: native
    auth: { type: hmac, secret: drydock/pipelines }
deployment:
  targets:
    web:
      environment: staging
      workload: { kind: Deployment, namespace: shop, name: web }
      container: web
      image: registry.example.com/shop/web
      policy: { type: semver, range: ^1.0.0 }
      mode: act
`;

/** What is wrong with a file, as a person reads it; or `valid`. */
export const explain = (text: string): string => {
  const parsed = parseConfiguration(text);
  return parsed.ok ? 'valid' : formatProblems(parsed.problems);
};

/** Replaces one line of the file by others. */
export const withLine = (line: string, replacement: string): string => {
  expect(VALID).toContain(`${line}\n`);
  return VALID.replace(`${line}\n`, `${replacement}\n`);
};
