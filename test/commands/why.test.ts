import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWhy, type WhyTools } from '../../functions/commands/why.ts';
import { Input as Control } from '../../functions/deployment/set-control.contract.ts';
import { noteTarget } from '../../functions/deployment/target-history.ts';
import {
  type ImageEntry,
  imageEntryKey,
  imageEntryKind,
  targetHistoryPrefix,
} from '../../functions/records/decision.ts';
import { type Pause, pauseKey, pauseKind } from '../../functions/records/pause.ts';
import { type TargetState, targetStateKey, targetStateKind } from '../../functions/records/target-state.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { buildOrder } from '../support/target-world.ts';
import { DIGEST_A, DIGEST_B, DIGEST_C, IMAGE } from '../support/workload-builders.ts';

const CONTROL = 'arn:aws:states:eu-central-1:123456789012:stateMachine:drydock-control';
const YAML = `version: 1
sites:
  main: { account: '123456789012', region: eu-central-1 }
  other: { account: '123456789012', region: eu-west-1 }
environments:
  production: { cluster: { name: shop }, site: main }
  abroad: { cluster: { name: shop }, site: other }
registries:
  gitlab: { host: registry.example.com }
deployment:
  targets:
    web:
      environment: production
      workload: { kind: Deployment, namespace: shop, name: web }
      container: web
      image: ${IMAGE}
      policy: { type: semver, range: ^1.0.0 }
      mode: act
    api:
      environment: abroad
      workload: { kind: Deployment, namespace: shop, name: api }
      container: api
      image: registry.example.com/shop/api
      policy: { type: semver, range: ^1.0.0 }
`;

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-why-'));
  file = join(folder, 'drydock.yaml');
  await writeFile(file, YAML);
});
afterAll(() => rm(folder, { recursive: true }));

/** Two sites with a stack and a ledger each; what is asked of them is noted. */
const createSites = () => {
  const ledgers = new Map(
    ['ledger-main', 'ledger-other', 'mine'].map((name) => [name, createMemoryLedger()]),
  );
  const opened: string[] = [];
  const tools: WhyTools = {
    openLedger: ({ bucket, region }) => {
      opened.push(`${bucket} in ${region ?? 'the own region'}`);
      return ledgers.get(bucket) ?? createMemoryLedger();
    },
    readOutputs: async (stack) => ({
      LedgerBucketName: stack.replace('drydock', 'ledger'),
      DeploymentControlMachineArn: CONTROL,
    }),
    clock: createFixedClock('2026-03-01T12:00:00.000Z'),
    bucket: undefined,
    width: 200,
  };
  const main = ledgers.get('ledger-main') ?? createMemoryLedger();
  const decide = (day: string, answer: { outcome: string; reason: string; tag?: string }, target = 'web') => {
    const execution = {
      arn: `arn:${day}-${target}`,
      name: `d-${day}`,
      startedAt: `2026-02-${day}T08:00:00.000Z`,
    };
    const about = { at: `2026-02-${day}T08:00:01.500Z`, target, image: IMAGE, digest: DIGEST_B, execution };
    return noteTarget(main, { tag: '1.1.0', ...about }, { code: 'policy', ...answer });
  };
  const event = (day: string, outcome: ImageEntry['outcome'], reason: string, tag = '1.1.0') => {
    const execution = { arn: 'arn:e', name: `e-${day}`, startedAt: `2026-02-${day}T07:59:00.000Z` };
    const at = `2026-02-${day}T07:59:01.000Z`;
    const entry: ImageEntry = {
      version: 1,
      at,
      image: IMAGE,
      tag,
      source: 'gitlab',
      outcome,
      reason,
      execution,
    };
    return main.claim(imageEntryKind, imageEntryKey(entry), entry);
  };
  const hold = (state: Partial<TargetState>) =>
    main.claim(targetStateKind, targetStateKey('web'), { version: 1, target: 'web', holds: [], ...state });
  const pause = (overrides: Partial<Pause>) => {
    const written = {
      version: 1 as const,
      scope: 'all',
      paused: true,
      by: 'kim',
      why: 'incident 7',
      since: '2026-03-01T09:00:00.000Z',
      ...overrides,
    };
    return main.claim(pauseKind, pauseKey(written.scope), written);
  };
  const why = (...args: string[]) => runWhy(['--file', file, ...args], tools);
  return { tools, main, mine: ledgers.get('mine'), opened, decide, event, hold, pause, why };
};

describe('why <target>', () => {
  it('prints what was decided, newest first, and nothing that merely confirmed an event', async () => {
    const world = createSites();
    await world.decide('20', { outcome: 'no', reason: '1.1.0 is outside ^2' });
    await world.decide('21', { outcome: 'rolled-out', reason: '' });
    await world.event('21', 'confirmed', 'as the event said');
    await world.event('22', 'deferred', 'the registry is down; next attempt at noon', '1.2.0');
    const { output, exitCode } = await world.why('web');
    expect(exitCode).toBe(0);
    expect(output).toBe(`web
  target   Deployment shop/web in production, mode act
  follows  ${IMAGE} by {"type":"semver","range":"^1.0.0","allowDowngrade":false}
  running  nothing that Drydock has rolled out yet

TIME                  TARGET   OUTCOME     TAG    REASON
2026-02-22 07:59:01Z  (event)  deferred    1.2.0  the registry is down; next attempt at noon
2026-02-21 08:00:01Z  web      rolled-out  1.1.0
2026-02-20 08:00:01Z  web      no          1.1.0  1.1.0 is outside ^2`);
  });

  it('says what it runs, rolls out and waits for, and gives commands that lift holds and end the pause', async () => {
    const world = createSites();
    const since = '2026-03-01T10:00:00.000Z';
    await world.hold({
      running: { image: IMAGE, tag: '1.0.0', digest: DIGEST_A, since, rollout: 'r' },
      rolling: { rollout: 'rollout-9', digest: DIGEST_B },
      desired: buildOrder({ tag: '1.3.0', digest: DIGEST_C }),
      holds: [{ digest: DIGEST_B, tag: '1.1.0', since, why: 'CrashLoopBackOff', rollout: 'r' }],
    });
    await world.pause({ scope: 'environment/production' });
    const { output } = await world.why('web');
    for (const says of [
      `running      1.0.0 ${DIGEST_A} since ${since}`,
      `rolling out  ${DIGEST_B} (execution rollout-9)`,
      `waiting      1.3.0 ${DIGEST_C}`,
      `on hold      1.1.0 ${DIGEST_B} since ${since}: CrashLoopBackOff`,
      'paused       environment/production by kim since 2026-03-01T09:00:00.000Z without end: incident 7',
    ])
      expect(output).toContain(says);
    const inputs = [
      ...output.replaceAll(/\n +/g, ' ').matchAll(/--state-machine-arn (\S+) --input '([^']+)'/g),
    ];
    expect(inputs.map(([, machine]) => machine)).toEqual([CONTROL, CONTROL]);
    expect(inputs.map(([, , json = '']) => Control.parse(JSON.parse(json)))).toMatchObject([
      { liftHold: { target: 'web', digest: DIGEST_B } },
      { resume: 'environment/production' },
    ]);
  });

  it('a pause that ended or covers something else is not shown', async () => {
    const world = createSites();
    await world.hold({});
    await world.pause({ until: '2026-03-01T11:00:00.000Z' });
    await world.pause({ scope: 'target/api' });
    expect((await world.why('web')).output).not.toContain('paused');
  });

  it('looks back as far as it is told', async () => {
    const world = createSites();
    await world.decide('10', { outcome: 'no', reason: 'long ago' });
    expect(await world.why('web')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('--since 90d'),
    });
    expect(await world.why('web', '--since', '30d')).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('long ago'),
    });
    expect((await world.why('web', '--since', '2026-02-10T00:00:00Z')).exitCode).toBe(0);
    expect((await world.why('web', '--since', '2026-02-11T00:00:00Z')).exitCode).toBe(1);
  });

  it('knows a target that drydock.yaml no longer has by its history', async () => {
    const world = createSites();
    await world.decide('20', { outcome: 'no', reason: 'not wanted' }, 'old');
    const { output, exitCode } = await world.why('old');
    expect(exitCode).toBe(0);
    expect(output).toContain('old is not in drydock.yaml (any more)');
    expect(output).toContain('not wanted');
  });

  it('an entry that this release does not read hides no other', async () => {
    const world = createSites();
    await world.decide('20', { outcome: 'no', reason: 'outside ^2' });
    const kind = { name: 'entry of a later release', schema: Control };
    const key = `${targetHistoryPrefix('web')}2026-02-21T08:00:00.000Z-later.json`;
    await world.main.claim(kind, key, { resume: 'all', by: 'kim', why: 'x' });
    const { output } = await world.why('web');
    expect(output).toContain('outside ^2');
    expect(output).toMatch(
      /2026-02-21 08:00:00Z +\(event\) +unreadable .*not of a version this release reads/,
    );
  });
});

describe('why <image>', () => {
  it('prints the events and what its targets made of them', async () => {
    const world = createSites();
    await world.event('20', 'confirmed', 'as the event said');
    await world.decide('20', { outcome: 'deploy', reason: 'wanted' });
    expect((await world.why(IMAGE)).output).toBe(`TIME                  TARGET   OUTCOME    TAG    REASON
2026-02-20 08:00:01Z  web      deploy     1.1.0  wanted
2026-02-20 07:59:01Z  (event)  confirmed  1.1.0  as the event said`);
  });

  it('with a tag or a digest prints only what concerns that one', async () => {
    const world = createSites();
    await world.decide('20', { outcome: 'deploy', reason: 'about one', tag: '1.1.0' });
    await world.decide('21', { outcome: 'deploy', reason: 'about two', tag: '1.2.0' });
    const { output } = await world.why(`${IMAGE}:1.2.0`);
    expect(output).toContain('about two');
    expect(output).not.toContain('about one');
    expect((await world.why(`${IMAGE}@${DIGEST_C}`)).exitCode).toBe(1);
  });
});

describe('where it looks', () => {
  it.each<[string, string[], string[]]>([
    ['at the site of the target', ['api'], ['ledger-other in eu-west-1']],
    ['at the sites of the targets of an image', [IMAGE], ['ledger-main in eu-central-1']],
    [
      'everywhere for a name it does not know',
      ['wep'],
      ['ledger-main in eu-central-1', 'ledger-other in eu-west-1'],
    ],
    ['at the site that is named', ['web', '--site', 'other'], ['ledger-other in eu-west-1']],
    ['in the bucket that is named', ['web', '--bucket', 'mine'], ['mine in the own region']],
  ])('%s', async (_, args, expected) => {
    const world = createSites();
    await world.why(...args);
    expect(world.opened).toEqual(expected);
  });

  it('in the bucket of the environment, for which it needs no drydock.yaml', async () => {
    const world = createSites();
    const tools = { ...world.tools, bucket: 'mine' };
    await world.mine?.claim(targetStateKind, targetStateKey('web'), { version: 1, target: 'web', holds: [] });
    const { exitCode } = await runWhy(['--file', join(folder, 'none.yaml'), 'web'], tools);
    expect({ exitCode, opened: world.opened }).toEqual({ exitCode: 0, opened: ['mine in the own region'] });
  });

  it.each([
    ['a site without stack', undefined, 'The stack drydock-main is not there in eu-central-1: deploy it'],
    ['a stack without ledger', {}, 'The stack drydock-main names no ledger bucket'],
  ])('%s: 3, and what to do', async (_, outputs, message) => {
    const tools: WhyTools = { ...createSites().tools, readOutputs: async () => outputs };
    const answer = await runWhy(['--file', file, 'web'], tools);
    expect(answer).toEqual({ exitCode: 3, output: expect.stringContaining(message) });
  });

  it('a ledger that does not answer is 3, not "nothing known", and says what lies behind it', async () => {
    const failing = async (): Promise<never> => {
      throw new TransientError('ledger.unavailable', 'S3 did not answer', {
        cause: new Error('Region is missing'),
      });
    };
    const openLedger = () => ({ ...createMemoryLedger(), read: failing });
    const answer = await runWhy(['--file', file, 'web'], { ...createSites().tools, openLedger });
    expect(answer).toEqual({ exitCode: 3, output: 'S3 did not answer (Region is missing)' });
  });
});

describe('arguments', () => {
  it('a name that nothing is known of asks what was meant', async () => {
    const { output, exitCode } = await createSites().why('wep');
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /nothing about wep since .*; drydock\.yaml knows web, api, .* Did you mean "web"\?$/,
    );
  });

  it.each<[string, string[], RegExp]>([
    ['nothing', [], /^Name one image or one target/],
    ['two names', ['web', 'api'], /^Name one image or one target/],
    ['an option that is none', ['web', '--sinc', '1d'], /Unknown option '--sinc'/],
    [
      'a span that is none',
      ['web', '--since', 'yesterday'],
      /--since takes 90m, 12h, 14d or a time, not yesterday/,
    ],
    [
      'a site that is none',
      ['web', '--site', 'mian'],
      /has no site mian; known: main, other\. Did you mean "main"/,
    ],
    ['an image that is none', ['Registry/UPPER'], /Registry\/UPPER is no name of an image/],
  ])('%s is 2, and says what to write', async (_, args, says) => {
    const { output, exitCode } = await createSites().why(...args);
    expect(exitCode).toBe(2);
    expect(output).toMatch(says);
  });

  it('without bucket a drydock.yaml that is not valid is 2', async () => {
    const answer = await runWhy(['--file', join(folder, 'none.yaml'), 'web'], createSites().tools);
    expect(answer).toEqual({ exitCode: 2, output: expect.stringContaining('there is no such file') });
  });

  it.each(['--help', '-h'])('%s explains the command', async (flag) => {
    const { output, exitCode } = await createSites().why(flag);
    expect({ exitCode, says: output.includes('npm run why -- <image or target>') }).toEqual({
      exitCode: 0,
      says: true,
    });
  });

  it('--json prints the same for machines', async () => {
    const world = createSites();
    await world.decide('20', { outcome: 'no', reason: 'outside ^2' });
    const { output, exitCode } = await world.why('web', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toMatchObject([
      { place: { bucket: 'ledger-main' }, lines: [{ outcome: 'no', reason: 'outside ^2', target: 'web' }] },
    ]);
    expect(await world.why('wep', '--json')).toEqual({ output: '[]', exitCode: 1 });
  });
});
