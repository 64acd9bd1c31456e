import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Input } from '../../functions/deployment/set-control.contract.ts';
import { listScopes, run } from '../../functions/deployment/set-control.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { pauseKey, pauseKind } from '../../functions/records/pause.ts';
import { emptyTargetState, targetStateKey, targetStateKind } from '../../functions/records/target-state.ts';
import { createTargetWorld } from '../support/target-world.ts';
import { DIGEST_A, DIGEST_B } from '../support/workload-builders.ts';

const WHO = { by: 'kim', why: 'incident 7' };
const WRITE = { capability: 'deployment', environment: 'production', target: 'web' };

const createControl = async () => {
  const world = createTargetWorld();
  const holds = [DIGEST_A, DIGEST_B].map((digest, index) => ({
    digest,
    tag: `1.${index}.0`,
    since: '2026-03-01T10:00:00.000Z',
    why: 'crash loop',
    rollout: 'rollout-0',
  }));
  await world.ledger.claim(targetStateKind, targetStateKey('web'), { ...emptyTargetState('web'), holds });
  const knownScopes = ['all', 'capability/deployment', 'environment/production', 'target/web', 'target/api'];
  const sweeps: string[] = [];
  const startSweep = async () => sweeps.push('started');
  return {
    ...world,
    sweeps,
    set: (input: unknown) =>
      run(Input.parse(input), { ledger: world.ledger, clock: world.clock, knownScopes, startSweep }),
    judge: () => world.deps.pauses.judge(WRITE),
    held: async () => (await world.state())?.holds.map(({ digest }) => digest),
  };
};

describe('set-control', () => {
  it.each(['all', 'capability/deployment', 'environment/production', 'target/web'])(
    'a pause of %s stops writes to the target at once, and resuming lets them go on',
    async (scope) => {
      const world = await createControl();
      expect(await world.set({ pause: scope, ...WHO })).toMatchObject({ outcome: 'paused', sweep: false });
      expect(await world.judge()).toMatchObject({ ok: false, pause: { by: 'kim', why: 'incident 7' } });
      expect(await world.set({ resume: scope, ...WHO })).toMatchObject({ outcome: 'resumed', sweep: true });
      expect(await world.judge()).toEqual({ ok: true });
    },
  );

  it('a pause of another target stops nothing here', async () => {
    const world = await createControl();
    await world.set({ pause: 'target/api', ...WHO });
    expect(await world.judge()).toEqual({ ok: true });
  });

  it('a pause ends by itself at "until", which may be written in any time zone', async () => {
    const world = await createControl();
    const { message } = await world.set({ pause: 'all', ...WHO, until: '2026-03-01T14:00:00+01:00' });
    expect(message).toBe('all is paused until 2026-03-01T13:00:00.000Z. No write outside happens in it.');
    world.clock.advance(3_599_999);
    expect((await world.judge()).ok).toBe(false);
    world.clock.advance(1);
    expect((await world.judge()).ok).toBe(true);
  });

  it('the message of a pause without end names an input that resumes it', async () => {
    const world = await createControl();
    const { message } = await world.set({ pause: 'target/web', ...WHO });
    const written = /\{.*\}/.exec(message)?.[0] ?? '';
    expect(await world.set(JSON.parse(written))).toMatchObject({ outcome: 'resumed' });
  });

  it('who pressed it is kept', async () => {
    const world = await createControl();
    await world.set({ pause: 'all', ...WHO });
    expect((await world.ledger.read(pauseKind, pauseKey('all')))?.value).toEqual({
      version: 1,
      scope: 'all',
      paused: true,
      ...WHO,
      since: '2026-03-01T12:00:00.000Z',
    });
  });

  it('lifts one hold and leaves the others', async () => {
    const world = await createControl();
    const input = { liftHold: { target: 'web', digest: DIGEST_A }, ...WHO };
    expect(await world.set(input)).toMatchObject({ outcome: 'lifted', sweep: true });
    expect(await world.held()).toEqual([DIGEST_B]);
  });

  it('lifts all holds of a target when no digest is named', async () => {
    const world = await createControl();
    await world.set({ liftHold: { target: 'web' }, ...WHO });
    expect(await world.held()).toEqual([]);
  });

  it.each<[string, unknown, string, RegExp]>([
    [
      'a target that is not there',
      { pause: 'target/wep', ...WHO },
      'scope.unknown',
      /There is no target\/wep; write one of all, .*target\/web/,
    ],
    [
      'resuming what is not there',
      { resume: 'environment/mars', ...WHO },
      'scope.unknown',
      /environment\/mars/,
    ],
    [
      'an end that has passed',
      { pause: 'all', ...WHO, until: '2026-03-01T11:59:59Z' },
      'until.past',
      /"until" is 2026-03-01T11:59:59Z, and it is 2026-03-01T12:00:00.000Z now/,
    ],
    [
      'a hold that is not there',
      { liftHold: { target: 'web', digest: 'sha256:no' }, ...WHO },
      'hold.none',
      new RegExp(`web holds 1\\.0\\.0 ${DIGEST_A}, 1\\.1\\.0 ${DIGEST_B}; write one of these`),
    ],
    [
      'lifting where nothing is held',
      { liftHold: { target: 'api' }, ...WHO },
      'hold.none',
      /api holds nothing/,
    ],
    ['lifting at no target', { liftHold: { target: 'x' }, ...WHO }, 'scope.unknown', /There is no target\/x/],
  ])('%s is refused with what to write', async (_, input, code, message) => {
    const world = await createControl();
    await expect(world.set(input)).rejects.toMatchObject({
      name: 'RefusedError',
      code,
      message: expect.stringMatching(message),
    });
    expect(await world.held()).toHaveLength(2);
    expect(await world.judge()).toEqual({ ok: true });
  });
});

describe('what was held back', () => {
  it.each([
    ['a pause', { pause: 'all', ...WHO }, 0],
    ['resuming', { resume: 'all', ...WHO }, 1],
    ['lifting a hold', { liftHold: { target: 'web' }, ...WHO }, 1],
  ])('%s starts %i sweep(s), after the record is written', async (_, input, times) => {
    const world = await createControl();
    await world.set(input);
    expect(world.sweeps).toHaveLength(times);
  });

  it('a site without deployments has nothing to sweep, and resumes all the same', async () => {
    const { ledger, clock } = createTargetWorld();
    const deps = { ledger, clock, knownScopes: ['all'] };
    expect(await run({ resume: 'all', ...WHO }, deps)).toMatchObject({ outcome: 'resumed' });
  });
});

describe('the scopes of a site', () => {
  const scopesOf = (sections: object) =>
    listScopes(
      Configuration.parse({
        version: 1,
        sites: { main: { account: '111122223333', region: 'eu-central-1' } },
        environments: { production: { cluster: { name: 'blue' } } },
        ...sections,
      }),
    );

  it.each<[string, object, string[]]>([
    ['backups alone', { backup: {} }, ['all', 'capability/backup', 'environment/production']],
    ['upgrades alone', { upgrade: {} }, ['all', 'capability/upgrade', 'environment/production']],
    [
      'deployments alone',
      { deployment: { targets: {} } },
      ['all', 'capability/deployment', 'environment/production'],
    ],
    [
      'both',
      { deployment: { targets: {} }, upgrade: {} },
      ['all', 'capability/deployment', 'capability/upgrade', 'environment/production'],
    ],
  ])('with %s', (_, sections, expected) => {
    expect(scopesOf(sections)).toEqual(expected);
  });
});

describe('what a person reads after a typo in the console', () => {
  const read = (input: unknown): string => {
    const parsed = Input.safeParse(input);
    return parsed.success ? 'accepted' : z.prettifyError(parsed.error);
  };

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['text', 'pause'],
    ['a pause without who', { pause: 'all', why: 'x' }],
    ['two things at once', { pause: 'all', resume: 'all', ...WHO }],
    ['a hold by name alone', { liftHold: 'web', ...WHO }],
  ])('%s: the forms to choose from, each of which is accepted', (_, input) => {
    const message = read(input);
    const forms = [...message.matchAll(/^ {2}(\{.*\})(?:, [io]f|$)/gm)].map((match) => match[1] ?? '');
    expect(forms).toHaveLength(3);
    for (const form of forms) expect(read(JSON.parse(form.replaceAll('<name>', 'web')))).toBe('accepted');
  });

  it.each<[string, unknown, string]>([
    ['a scope that is none', { pause: 'web', ...WHO }, 'write "all", "capability/<name>"'],
    ['a key that is none', { pause: 'all', til: 'x', ...WHO }, 'Unrecognized key: "til"'],
    [
      'a time that is none',
      { pause: 'all', until: 'tomorrow', ...WHO },
      'write a time such as "2026-12-24T18:00:00Z"',
    ],
  ])('%s: the one thing that is wrong', (_, input, message) => {
    expect(read(input)).toContain(message);
  });
});
