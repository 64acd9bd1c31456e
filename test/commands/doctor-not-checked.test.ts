import { beforeEach, describe, expect, test } from 'vitest';
import { renderJson, renderTable } from '../../functions/commands/doctor/report.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { look as examineWorld, findCheck, PRIVATE_NETWORK } from '../support/doctor-examination.ts';
import { createHealthyWorld, type HealthyWorld, silence } from '../support/fake-instruments.ts';

let world: HealthyWorld;
beforeEach(() => {
  world = createHealthyWorld();
});
const look = (changes: { site?: object } = {}) => examineWorld(world, changes);
const find = (subject: string, check: string, changes: { site?: object } = {}) =>
  findCheck(world, subject, check, changes);

describe('what cannot be looked at is not well', () => {
  test('in another account nothing but the identity is asked, and nothing passes', async () => {
    world.account = '999999999999';
    const rows = await look();
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['not-checked']));
    expect(world.asked).toEqual(['identity: eu-central-1']);
  });

  test('an account that nobody answers for, with the rule that lets us through', async () => {
    world.identityFault = new TransientError('aws.unavailable', 'No answer.');
    expect(await find('site main', 'identity')).toMatchObject({
      state: 'not-checked',
      mend: expect.stringContaining('TCP 443 to sts.eu-central-1.amazonaws.com'),
    });
  });

  test('a private endpoint from outside its network', async () => {
    world.silent.set('shop.eks.example.com', silence('endpoint.connection'));
    const rows = await look({ site: { network: PRIVATE_NETWORK } });
    const states = Object.fromEntries(
      rows.map(({ subject, check, state }) => [`${subject}: ${check}`, state]),
    );
    expect(states).toMatchObject({
      'environment staging: endpoint': 'not-checked',
      'environment staging: rights': 'not-checked',
      'target web: workload': 'not-checked',
      'environment staging: access entry': 'pass',
    });
  });

  test.each([
    new RefusedError('secret.forbidden', 'You may not.'),
    new TransientError('secret.unavailable', 'No answer.'),
    new TypeError('a bug'),
  ])('a secret whose reading ends in %s', async (error) => {
    world.secrets.delete('drydock/hook');
    world.readSecret = async () => {
      throw error;
    };
    expect(await find('source hook', 'secret')).toMatchObject({
      state: 'not-checked',
      detail: expect.stringContaining(error.message),
    });
  });

  test.each([403, 429])('a gateway that answers %d', async (status) => {
    world.doorStatus = status;
    expect(await find('source hook', 'door')).toMatchObject({ state: 'not-checked' });
  });
});

test('no secret is in what is printed, whatever is wrong with it', async () => {
  const canary = 'canary-4711-do-not-print';
  for (const value of [
    canary,
    JSON.stringify({ username: canary, password: canary }),
    `{"current":"${canary}"}`,
  ]) {
    world.secrets.set('drydock/hook', value);
    world.secrets.set('drydock/registry', value);
    const rows = await look();
    expect(rows.length).toBeGreaterThan(10);
    expect(`${renderTable(rows)}${renderJson(rows)}`).not.toContain(canary);
  }
});
