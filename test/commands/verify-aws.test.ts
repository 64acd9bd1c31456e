import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { pauseKey, pauseKind } from '../../functions/records/pause.ts';
import { createSite, MACHINE, SECRET, verify, writeSite } from '../support/verified-site.ts';

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
    expect((await verify(world, [], writeSite({ sources }))).exitCode).toBe(0);
    expect(world.site.posts.at(-1)).toMatchObject({ body: '{"events":[]}' });
  });

  test('without a webhook, is verified without one', async () => {
    const world = createSite();
    expect((await verify(world, [], writeSite({ site: { webhook: { exposure: 'none' } } }))).exitCode).toBe(
      0,
    );
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
  const file = writeSite({
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

test('a site with nothing but backups has its stop button tried on them', async () => {
  const world = createSite();
  const { output, plan } = await verify(
    world,
    ['--include-pause'],
    writeSite({ capabilities: { backup: { environments: {} } } }),
  );
  expect(plan).toMatch(/pause all backups/);
  expect(output).toContain('capability/backup was paused and resumed');
});

describe('a site that backs up and rehearses', () => {
  const daily = { schedule: 'cron(0 3 * * ? *)' };
  const production = {
    role: 'arn:aws:iam::111122223333:role/gitlab-toolbox',
    destination: { bucket: 'archives', account: '999900001111' },
    tmpBucket: 'tmp',
    secrets: { bucket: 'secrets', kmsKey: 'alias/secrets' },
    policies: { daily },
  };
  const restore = { scratch: { namespace: 'gitlab-drill' }, drill: {} };
  const look = async (outcome: string, settings: object = { restore }) => {
    const world = createSite();
    const output = JSON.stringify({ outcome, reasons: ['there is no such environment'] });
    if (world.site.state) world.site.state = { ...world.site.state, output };
    world.site.outputs = {
      ...world.site.outputs,
      BackupRestoreMachineArn: `${MACHINE}-restore`,
      BackupDrillMachineArn: `${MACHINE}-restore-drill`,
    };
    const capabilities = {
      environments: { production: { cluster: { name: 'blue' } } },
      backup: { environments: { production: { ...production, ...settings } } },
    };
    const site = { webhook: { exposure: 'none' } };
    return { world, ...(await verify(world, [], writeSite({ site, sources: {}, capabilities }))) };
  };

  test('has both machines started for nobody, and is told so beforehand', async () => {
    const { output, plan, world, exitCode } = await look('refused');
    expect(output).toMatch(/ok {4}restore .*refused: there is no such environment/);
    expect(output).toMatch(/ok {4}drill .*refused: there is no such environment/);
    expect(plan).toMatch(/start a restore for an environment that does not exist[^]*start a drill/);
    expect(exitCode).toBe(0);
    const environment = expect.stringMatching(/^verify-\d+$/);
    expect(world.site.started).toEqual([
      { machine: `${MACHINE}-restore`, input: expect.objectContaining({ environment }) },
      { machine: `${MACHINE}-restore-drill`, input: { environment } },
    ]);
  });

  test('fails when a machine begins something for nobody', async () => {
    const { output, exitCode } = await look('begun');
    expect(output).toMatch(/fail +drill .*was begun/i);
    expect(exitCode).toBe(1);
  });

  test('without a drill is asked for its restore alone', async () => {
    const { output } = await look('refused', {});
    expect(output).toMatch(/ok {4}restore /);
    expect(output).not.toMatch(/ drill /);
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
