import { describe, expect, test } from 'vitest';
import type { AccessQuestion } from '../../functions/clients/kubernetes-access.ts';
import { examine } from '../../functions/commands/doctor/examination.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { FILE } from '../support/doctor-examination.ts';
import {
  createHealthyWorld,
  type HealthyWorld,
  isShipped,
  openInstruments,
  ROLE,
} from '../support/fake-instruments.ts';

const { sites, environments } = FILE;
const SETTINGS = {
  role: 'arn:aws:iam::123456789012:role/gitlab-toolbox',
  destination: { bucket: 'archives', account: '999900001111' },
  tmpBucket: 'tmp',
};
const BUCKET = { bucket: 'secrets', kmsKey: 'alias/secrets' };

/** A site with nothing but backups. */
const look = async (
  change: (world: HealthyWorld) => void = () => undefined,
  secrets: object = {},
  restore: object = {},
) => {
  const world = createHealthyWorld();
  change(world);
  const daily = { schedule: 'cron(0 3 * * ? *)', timeZone: 'Europe/Berlin', versions: [] };
  const policies = { daily };
  const backup = {
    environments: { staging: { ...SETTINGS, policies, restore, secrets: { ...BUCKET, ...secrets } } },
  };
  const configuration = Configuration.parse({ version: 1, sites, environments, backup });
  const rows = await examine(configuration, ['main'], openInstruments(world));
  const of = (wanted: string) => rows.filter(({ subject }) => subject === wanted);
  return { world, rows: of('environment staging'), scratch: of('scratch of staging') };
};

/** All that the manifests give, but for one right of one group. */
const without =
  (verb: string, resource: string) =>
  (question: AccessQuestion, group: string): boolean =>
    isShipped(question, group) && !(question.verb === verb && question.resource === resource);

/** All that the manifests give, and one right more in the namespace of GitLab. */
const withMore =
  (verb: string, resource: string) =>
  (question: AccessQuestion, group: string): boolean =>
    isShipped(question, group) ||
    (question.verb === verb && question.resource === resource && question.namespace === 'gitlab');

test('a site with nothing but backups is asked for each of their identities, and those of restores', async () => {
  const { rows, world } = await look();
  expect(rows.map(({ check, state }) => `${check}: ${state}`)).toEqual([
    'cluster: pass',
    'endpoint: pass',
    'access entry, backup: pass',
    'rights, backup: pass',
    'access entry, backup preflight: pass',
    'rights, backup preflight: pass',
    'access entry, backup secrets: pass',
    'rights, backup secrets: pass',
    'access entry, restore plan: pass',
    'rights, restore plan: pass',
    'access entry, restore: pass',
    'rights, restore: pass',
    'access entry, restore secrets: pass',
    'rights, restore secrets: pass',
  ]);
  expect(world.asked.filter((asked) => asked.startsWith('rights of'))).toEqual([
    'rights of: drydock:backup system:authenticated',
    'rights of: drydock:backup-preflight system:authenticated',
    'rights of: drydock:backup-secrets system:authenticated',
    'rights of: drydock:restore-plan system:authenticated',
    'rights of: drydock:restore system:authenticated',
    'rights of: drydock:restore-secrets system:authenticated',
  ]);
});

describe('what is wrong with the access of backups, and the command that mends it', () => {
  const MANIFESTS = '--capability backup --namespace gitlab --release gitlab';
  test.each<[string, string, (world: HealthyWorld) => void, string]>([
    [
      'no access entry of who starts them',
      'access entry, backup',
      (world) => (world.groups = undefined),
      `--principal-arn ${ROLE}-backup --kubernetes-groups drydock:backup`,
    ],
    [
      'preflight in the group that starts Jobs',
      'access entry, backup preflight',
      (world) => (world.groups = ['drydock:backup']),
      `--principal-arn ${ROLE}-preflight --kubernetes-groups drydock:backup drydock:backup-preflight`,
    ],
    [
      'the reader of secrets in no group of its own',
      'access entry, backup secrets',
      (world) => (world.groups = ['drydock:backup']),
      `--principal-arn ${ROLE}-secrets --kubernetes-groups drydock:backup drydock:backup-secrets`,
    ],
    [
      'no right to start',
      'rights, backup',
      (world) => (world.mayDo = without('create', 'jobs')),
      `${MANIFESTS} |`,
    ],
    [
      'no right to look at quotas',
      'rights, backup preflight',
      (world) => (world.mayDo = without('list', 'resourcequotas')),
      `${MANIFESTS} |`,
    ],
    [
      'a preflight that could start Jobs',
      'rights, backup preflight',
      (world) => (world.mayDo = withMore('create', 'jobs')),
      "grep -E 'drydock:backup-preflight|",
    ],
    [
      'no right to read secrets',
      'rights, backup secrets',
      (world) => (world.mayDo = without('get', 'secrets')),
      `${MANIFESTS} |`,
    ],
    [
      'no access entry of who carries restores out',
      'access entry, restore',
      (world) => (world.groups = ['drydock:restore-plan']),
      `--principal-arn ${ROLE}-restore --kubernetes-groups drydock:restore-plan drydock:restore`,
    ],
    [
      'a restore that may not scale down',
      'rights, restore',
      (world) => (world.mayDo = without('patch', 'deployments/scale')),
      `${MANIFESTS} |`,
    ],
    [
      'a writer of secrets that may write any',
      'rights, restore secrets',
      (world) => (world.mayDo = withMore('update', 'secrets')),
      "grep -E 'drydock:restore-secrets|",
    ],
  ])('%s', async (_, check, change, mend) => {
    const row = (await look(change)).rows.find((one) => one.check === check);
    expect(row).toMatchObject({ state: 'fail', mend: expect.stringContaining(mend) });
  });

  test('a right to list secrets where they are to be read by their names', async () => {
    const { rows } = await look(undefined, { helmValues: false });
    expect(rows.find(({ check }) => check === 'rights, backup secrets')).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('list secrets in gitlab'),
    });
  });
});

test('an environment without backups is not asked for any of theirs', async () => {
  const configuration = Configuration.parse(FILE);
  const rows = await examine(configuration, ['main'], openInstruments(createHealthyWorld()));
  expect(rows.filter(({ check }) => check.includes('backup'))).toEqual([]);
});

describe('the scratch place of restores', () => {
  const scratch = { cluster: 'green', namespace: 'gitlab-drill', release: 'lab' };
  const IDENTITIES = ['backup secrets', 'restore plan', 'restore', 'restore secrets'];
  const passes = (identities: readonly string[]): string[] => [
    'cluster: pass',
    'endpoint: pass',
    ...identities.flatMap((one) => [`access entry, ${one}: pass`, `rights, ${one}: pass`]),
  ];
  const states = (rows: Awaited<ReturnType<typeof look>>['scratch']): string[] =>
    rows.map(({ check, state }) => `${check}: ${state}`);

  test('is asked for its own cluster, by whoever restores there', async () => {
    const found = await look(undefined, {}, { scratch });
    expect(states(found.scratch)).toEqual(passes(IDENTITIES));
    expect(found.scratch[0]?.detail).toContain('green');
    expect((await look()).scratch).toEqual([]);
  });

  test('with a drill is asked for that as well', async () => {
    const found = await look(undefined, {}, { scratch, drill: {} });
    expect(states(found.scratch)).toEqual(passes([...IDENTITIES, 'drill']));
  });

  test.each<[string, string, (world: HealthyWorld) => void, string]>([
    [
      'a drill that may not close the network',
      'rights, drill',
      (world) => (world.mayDo = without('create', 'networkpolicies')),
      '--drill-namespace gitlab-drill --release lab |',
    ],
    [
      'a drill that is let in as nobody',
      'access entry, drill',
      (world) => (world.groups = undefined),
      `--cluster-name green --principal-arn ${ROLE}-drill --kubernetes-groups drydock:drill`,
    ],
    [
      'a reader who may not list its releases',
      'rights, backup secrets',
      (world) => (world.mayDo = without('list', 'secrets')),
      '--drill-namespace gitlab-drill --release lab |',
    ],
  ])('%s is told with what mends it', async (_, check, change, mend) => {
    const found = await look(change, {}, { scratch, drill: {} });
    const row = found.scratch.find((one) => one.check === check);
    expect(row).toMatchObject({ state: 'fail', mend: expect.stringContaining(mend) });
  });
});
