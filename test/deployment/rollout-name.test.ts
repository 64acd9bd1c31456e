import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { nameRollout } from '../../functions/deployment/rollout-name.ts';
import { counterexample } from '../support/counterexample.ts';
import { DIGEST_A, DIGEST_B } from '../support/workload-builders.ts';

/** What drydock.yaml takes as the name of a target: at most 40 characters. */
const target = fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/);
const digest = fc.oneof(
  fc.stringMatching(/^sha256:[0-9a-f]{64}$/),
  fc.stringMatching(/^sha512:[0-9a-f]{128}$/),
);
const cause = fc.stringMatching(/^[0-9A-Za-z_-]{1,80}$/);

it('can be read: target, digest, cause', () => {
  expect(nameRollout('web-production', DIGEST_A, 'deployment-1')).toMatch(
    /^web-production-a{12}-[0-9a-f]{20}$/,
  );
});

it('property: Step Functions takes every name: at most 80 characters of 0-9 A-Z a-z - _', () => {
  expect(
    counterexample(
      fc.property(target, digest, cause, (...args) => /^[0-9A-Za-z_-]{1,80}$/.test(nameRollout(...args))),
    ),
  ).toBeUndefined();
});

it('property: the same cause gives the same name', () => {
  expect(
    counterexample(
      fc.property(target, digest, cause, (...args) => nameRollout(...args) === nameRollout(...args)),
    ),
  ).toBeUndefined();
});

it.each([
  ['target', ['api', DIGEST_A, 'deployment-1']],
  ['digest', ['web', DIGEST_B, 'deployment-1']],
  ['cause', ['web', DIGEST_A, 'deployment-2']],
] as const)('another %s gives another name', (_, [name, digest, asked]) => {
  expect(nameRollout(name, digest, asked)).not.toBe(nameRollout('web', DIGEST_A, 'deployment-1'));
});
