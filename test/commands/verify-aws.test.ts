import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { ExecutionState } from '../../functions/clients/executions.ts';
import type { VerificationTools } from '../../functions/commands/verify-aws/subject.ts';
import { runVerification } from '../../functions/commands/verify-aws.ts';
import { pauseKey, pauseKind } from '../../functions/records/pause.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:drydock-main';

const write = (changes: { site?: object; sources?: object; capabilities?: object } = {}): string => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'drydock-verify-')), 'drydock.yaml');
  const site = { account: '111122223333', region: 'eu-central-1', webhook: { exposure: 'public' } };
  const configuration = {
    version: 1,
    sites: { main: { ...site, ...changes.site } },
    registries: { hub: { host: 'registry.example.com' } },
    sources: changes.sources ?? {
      registry: { kind: 'distribution', registry: 'hub', auth: { type: 'bearer', secret: 'bearer' } },
      pipelines: { kind: 'native', auth: { type: 'hmac', secret: 'pipelines' } },
    },
    ...(changes.capabilities ?? { deployment: {} }),
  };
  writeFileSync(file, stringify(configuration));
  return file;
};

type Post = { url: string; body: string; headers: Readonly<Record<string, string>> };

/** A deployed site at which everything works; each test changes one thing. */
const createSite = () => {
  const clock = createFixedClock();
  const ledger = createMemoryLedger();
  const posts: Post[] = [];
  const started: { machine: string; input: unknown }[] = [];
  const isKnown = (headers: Post['headers']) =>
    headers['webhook-signature'] !== undefined || headers['Authorization'] === `Bearer ${SECRET}`;
  const ended: ExecutionState = {
    status: 'succeeded',
    startedAt: new Date(0),
    stoppedAt: new Date(1_500),
    output: '{}',
    error: undefined,
    cause: undefined,
  };
  const site = {
    ledger,
    posts,
    started,
    outputs: {
      LedgerBucketName: 'ledger',
      TopicArn: 'topic',
      DeploymentWebhookUrl: 'https://hooks.example.com/',
      DeploymentSweepMachineArn: `${MACHINE}-deployment-sweep`,
      DeploymentControlMachineArn: `${MACHINE}-control`,
    } as Record<string, string> | undefined,
    topic: { confirmed: 2, pending: 0 },
    state: ended as ExecutionState | undefined,
    answer: (headers: Post['headers']) =>
      isKnown(headers)
        ? {
            status: 200,
            body: '{"outcomes":[{"outcome":"ignored","reason":"no target uses this image"}]}',
          }
        : { status: 401, body: '{"message":"Unauthorized"}' },
  };
  const tools: VerificationTools = {
    clock,
    inspectSite: () => ({
      readStackOutputs: async () => site.outputs,
      readTopic: async () => site.topic,
    }),
    readSecret: async () => SECRET,
    post: async (url, body, headers = {}) => {
      posts.push({ url, body, headers });
      return site.answer(headers);
    },
    openLedger: () => ledger,
    openExecutions: () => ({
      start: async ({ machine, input }) => {
        started.push({ machine, input });
        const control = input as { pause?: string; resume?: string; by?: string; why?: string };
        const scope = control.pause ?? control.resume;
        if (scope !== undefined) {
          const before = await ledger.read(pauseKind, pauseKey(scope));
          const record = {
            version: 1 as const,
            scope,
            paused: control.pause !== undefined,
            by: control.by ?? '',
            why: control.why ?? '',
            since: clock.now().toISOString(),
          };
          if (before) await ledger.change(pauseKind, pauseKey(scope), before.etag, record);
          else await ledger.claim(pauseKind, pauseKey(scope), record);
        }
        return 'started';
      },
      describe: async () => site.state,
    }),
  };
  return { site, tools };
};

const verify = async (
  { tools }: ReturnType<typeof createSite>,
  args: string[] = [],
  file: string = write(),
): Promise<{ output: string; exitCode: number; plan: string }> => {
  const plan: string[] = [];
  const ended = await runVerification(['--site', 'main', '--file', file, ...args], tools, (text) =>
    plan.push(text),
  );
  return { ...ended, plan: plan.join('\n') };
};

describe('a site at which everything works', () => {
  test('passes every check, and ends in 0', async () => {
    const { output, exitCode } = await verify(createSite());
    expect(output.split('\n').filter((line) => line.startsWith('  '))).toEqual([
      expect.stringMatching(/^ {2}ok {4}stack /),
      expect.stringMatching(/^ {2}ok {4}stranger .*401/),
      expect.stringMatching(/^ {2}ok {4}sender .*ignored it: no target uses this image/),
      expect.stringMatching(/^ {2}ok {4}sweep .*succeeded, in 1\.5 s/),
      expect.stringMatching(/^ {2}ok {4}ledger /),
      expect.stringMatching(/^ {2}ok {4}topic .*2 subscribed/),
    ]);
    expect(exitCode).toBe(0);
  });

  test('is told beforehand what will be done, where, and what it costs', async () => {
    const { plan } = await verify(createSite());
    expect(plan).toMatch(/site main \(account 111122223333, eu-central-1\)/);
    expect(plan).toMatch(/less than one US cent/);
    expect(plan).not.toMatch(/pause/);
  });

  test('has nothing left in its ledger', async () => {
    const world = createSite();
    await verify(world);
    expect([...world.site.ledger.objects]).toEqual([]);
  });

  test('gets an event signed as the specification says, of an image that can be nobody’s', async () => {
    const world = createSite();
    await verify(world);
    const sent = world.site.posts.find(({ headers }) => 'webhook-signature' in headers);
    expect(sent?.url).toBe('https://hooks.example.com/hooks/pipelines');
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({ image: 'drydock.invalid/verify' });
    // Its clock stands in March 2026, and the library looks at the wall clock: compared without it.
    const { 'webhook-id': id = '', 'webhook-timestamp': time = '' } = sent?.headers ?? {};
    const expected = new Webhook(SECRET).sign(id, new Date(Number(time) * 1000), sent?.body ?? '');
    expect(sent?.headers['webhook-signature']).toBe(expected);
  });

  test('without a native source, gets an empty envelope with the bearer', async () => {
    const world = createSite();
    const sources = {
      registry: { kind: 'distribution', registry: 'hub', auth: { type: 'bearer', secret: 'bearer' } },
    };
    expect((await verify(world, [], write({ sources }))).exitCode).toBe(0);
    expect(world.site.posts.at(-1)).toMatchObject({ body: '{"events":[]}' });
  });

  test('without a webhook, is verified without one', async () => {
    const world = createSite();
    expect((await verify(world, [], write({ site: { webhook: { exposure: 'none' } } }))).exitCode).toBe(0);
    expect(world.site.posts).toEqual([]);
  });

  test('is asked at another address when --webhook names one', async () => {
    const world = createSite();
    await verify(world, ['--webhook', 'https://vpce-1.example.com/prod']);
    expect(world.site.posts.map(({ url }) => new URL(url).host)).toEqual([
      'vpce-1.example.com',
      'vpce-1.example.com',
    ]);
  });
});

describe('a site with nothing but upgrades', () => {
  const file = write({
    site: { webhook: { exposure: 'none' } },
    sources: {},
    capabilities: { upgrade: {} },
  });
  const createUpgradeSite = (outcome: string) => {
    const world = createSite();
    const output = JSON.stringify({ outcome, clusters: [{ cluster: 'gitlab', outcome }] });
    if (world.site.state) world.site.state = { ...world.site.state, output };
    world.site.outputs = { ...world.site.outputs, UpgradeCheckMachineArn: `${MACHINE}-upgrade-check` };
    return world;
  };

  test.each([
    ['blocked', 0, /ok {4}upgrade check .*gitlab blocked/],
    ['clean', 0, /ok {4}upgrade check .*gitlab clean/],
    ['not-checked', 1, /\? {5}upgrade check .*gitlab not-checked/],
  ])('whose cluster is %s ends in %i, and nobody was told', async (outcome, exitCode, row) => {
    const world = createUpgradeSite(outcome);
    const answer = await verify(world, [], file);
    expect(answer.output).toMatch(row);
    expect(answer.exitCode).toBe(exitCode);
    expect(answer.output).not.toContain('sweep');
    expect(answer.plan).toMatch(/check every cluster[^]*nobody is told/);
    expect(world.site.started).toEqual([{ machine: `${MACHINE}-upgrade-check`, input: { gate: true } }]);
  });

  test('has its stop button tried on upgrades', async () => {
    const { output } = await verify(createUpgradeSite('clean'), ['--include-pause'], file);
    expect(output).toContain('capability/upgrade was paused and resumed');
  });
});

describe('the stop button', () => {
  test('is not touched unless asked for', async () => {
    const world = createSite();
    await verify(world);
    expect(world.site.started.map(({ machine }) => machine)).toEqual([`${MACHINE}-deployment-sweep`]);
  });

  test('is pressed with an end of its own, and released', async () => {
    const world = createSite();
    const { output, exitCode, plan } = await verify(world, ['--include-pause']);
    expect(plan).toMatch(/pause all deployments/);
    expect(output).toContain('capability/deployment was paused and resumed');
    expect(exitCode).toBe(0);
    expect(world.site.started.slice(1).map(({ input }) => input)).toEqual([
      expect.objectContaining({ pause: 'capability/deployment', until: '2026-03-01T12:01:00.000Z' }),
      expect.objectContaining({ resume: 'capability/deployment' }),
    ]);
  });

  test('that a person pressed stays pressed', async () => {
    const world = createSite();
    const pause = {
      version: 1 as const,
      scope: 'capability/deployment',
      paused: true,
      by: 'ada',
      why: 'fire',
    };
    await world.site.ledger.claim(pauseKind, pauseKey(pause.scope), {
      ...pause,
      since: '2026-03-01T11:00:00.000Z',
    });
    const { output, exitCode } = await verify(world, ['--include-pause']);
    expect(output).toContain('is paused by ada (fire); left as it is');
    expect(exitCode).toBe(1);
    expect(world.site.started).toHaveLength(1);
  });
});

describe('what does not work', () => {
  type Site = ReturnType<typeof createSite>['site'];
  const failed = (status: ExecutionState['status']): ExecutionState => ({
    status,
    startedAt: undefined,
    stoppedAt: undefined,
    output: undefined,
    error: 'DefectError',
    cause: 'a bug',
  });
  test.each<[string, (site: Site) => void, RegExp]>([
    ['no stack', (site) => (site.outputs = undefined), /FAIL {2}stack .*not there[^]*\? {5}sweep .*waits/],
    [
      'a door open to all',
      (site) => (site.answer = () => ({ status: 200, body: '{}' })),
      /FAIL {2}stranger .*200/,
    ],
    [
      'a door shut to a sender',
      (site) => (site.answer = () => ({ status: 401, body: '' })),
      /FAIL {2}sender .*401/,
    ],
    [
      'a door that cannot store',
      (site) => (site.answer = () => ({ status: 503, body: '' })),
      /FAIL {2}sender .*503/,
    ],
    ['a sweep that fails', (site) => (site.state = failed('failed')), /FAIL {2}sweep .*DefectError: a bug/],
    [
      'a sweep that never ends',
      (site) => (site.state = failed('running')),
      /\? {5}sweep .*still runs after 300 s/,
    ],
    ['nobody subscribed', (site) => (site.topic = { confirmed: 0, pending: 0 }), /FAIL {2}topic .*nobody/],
    ['nobody confirmed', (site) => (site.topic = { confirmed: 0, pending: 3 }), /FAIL {2}topic .*3 invited/],
  ])('%s is told, and ends in 1', async (_, change, message) => {
    const world = createSite();
    change(world.site);
    const { output, exitCode } = await verify(world);
    expect(output).toMatch(message);
    expect(exitCode).toBe(1);
  });

  test('a door that does not answer is not shown as well', async () => {
    const world = createSite();
    const post = () => Promise.reject(new TransientError('webhook.unreachable', 'does not answer'));
    const { output, exitCode } = await verify({ ...world, tools: { ...world.tools, post } });
    expect(output).toMatch(/\? {5}stranger .*does not answer/);
    expect(exitCode).toBe(1);
  });

  test.each([
    ['no site named', ['--file', write()], /Name the site with --site; known: main/],
    [
      'an unknown site',
      ['--file', write(), '--site', 'mian'],
      /no site mian; known: main. Did you mean "main"/,
    ],
    ['an unknown option', ['--yes'], /--yes[^]*npm run verify:aws/],
  ])('%s ends in 2', async (_, args, message) => {
    const { output, exitCode } = await runVerification(args, createSite().tools, () => undefined);
    expect(output).toMatch(message);
    expect(exitCode).toBe(2);
  });
});
