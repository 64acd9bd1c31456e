import { beforeEach, describe, expect, test } from 'vitest';
import { examine } from '../../functions/commands/doctor/examination.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';
import { look as examineWorld, FILE, findCheck } from '../support/doctor-examination.ts';
import {
  createHealthyWorld,
  type HealthyWorld,
  openInstruments,
  ROLE,
  silence,
  TOPIC,
} from '../support/fake-instruments.ts';
import { buildWorkload } from '../support/workload-builders.ts';

let world: HealthyWorld;
beforeEach(() => {
  world = createHealthyWorld();
});
const look = (changes: { site?: object } = {}) => examineWorld(world, changes);
const find = (subject: string, check: string, changes: { site?: object } = {}) =>
  findCheck(world, subject, check, changes);

test('where everything is there, every check is made and passes', async () => {
  const rows = await look();
  expect(rows.filter(({ state }) => state !== 'pass')).toEqual([]);
  expect(rows.map(({ subject, check }) => `${subject}: ${check}`)).toEqual([
    'site main: identity',
    'site main: stack',
    'site main: topic',
    'site main: ledger',
    'site main: key',
    'environment staging: cluster',
    'environment staging: endpoint',
    'environment staging: access entry',
    'environment staging: rights',
    'target web: workload',
    'target web: image owner',
    'registry gitlab: endpoint',
    'registry gitlab: credentials',
    'registry gitlab: pull',
    'source hook: secret',
    'source hook: door',
  ]);
});

test('two sites are examined each for its own, and each asks the registry', async () => {
  const other = { account: '123456789012', region: 'us-east-1', webhook: { exposure: 'none' } };
  const { environments, sources, deployment } = FILE;
  const configuration = Configuration.parse({
    ...FILE,
    sites: { main: FILE.sites.main, other },
    environments: {
      staging: { ...environments.staging, site: 'main' },
      production: { ...environments.staging, site: 'other' },
    },
    sources: { hook: { ...sources.hook, site: 'main' } },
    deployment: {
      targets: { ...deployment.targets, live: { ...deployment.targets.web, environment: 'production' } },
    },
  });
  const subjectsOf = async (...sites: string[]) => {
    const rows = await examine(configuration, sites, openInstruments(world));
    return [...new Set(rows.map(({ subject }) => subject))];
  };
  expect(await subjectsOf('main', 'other')).toEqual([
    'site main',
    'environment staging',
    'target web',
    'registry gitlab from site main',
    'source hook',
    'site other',
    'environment production',
    'target live',
    'registry gitlab from site other',
  ]);
  expect(world.asked).toContain('identity: us-east-1');
  expect(await subjectsOf('other')).toEqual([
    'site other',
    'environment production',
    'target live',
    'registry gitlab',
  ]);
});

test('the rights asked for are those of the group of the access entry, not our own', async () => {
  await look();
  expect(world.asked).toContain('rights of: drydock:deployment system:authenticated');
});

describe('what is wrong, and the command that mends it', () => {
  const NO_ACCESS_ENTRY = `aws eks create-access-entry --region eu-central-1 --cluster-name shop --principal-arn ${ROLE} --kubernetes-groups drydock:deployment`;
  const SUBSCRIBE = `aws sns subscribe --region eu-central-1 --topic-arn ${TOPIC} --protocol email --notification-endpoint <mail address>`;

  test.each<[string, string, string, (world: HealthyWorld) => void, string]>([
    ['no stack', 'site main', 'stack', (one) => (one.outputs = undefined), 'npm run deploy'],
    ['no subscriber', 'site main', 'topic', (one) => (one.topic = { confirmed: 0, pending: 0 }), SUBSCRIBE],
    [
      'only subscribers who have not confirmed',
      'site main',
      'topic',
      (one) => (one.topic = { confirmed: 0, pending: 2 }),
      'Open the mail',
    ],
    ['no topic', 'site main', 'topic', (one) => (one.topic = undefined), 'npm run deploy'],
    ['no ledger', 'site main', 'ledger', (one) => (one.hasBucket = false), 'npm run deploy'],
    [
      'a disabled key',
      'site main',
      'key',
      (one) =>
        (one.useKey = async () => Promise.reject(new RefusedError('aws.refused', 'DisabledException'))),
      'aws kms enable-key --region eu-central-1 --key-id key-1',
    ],
    [
      'a cluster that is being made',
      'environment staging',
      'cluster',
      (one) => (one.clusterStatus = 'CREATING'),
      'aws eks describe-cluster --region eu-central-1 --name shop',
    ],
    [
      'a cluster endpoint that does not answer',
      'environment staging',
      'endpoint',
      (one) => one.silent.set('shop.eks.example.com', silence('endpoint.connection')),
      'sites.main.network',
    ],
    [
      'no access entry',
      'environment staging',
      'access entry',
      (one) => (one.groups = undefined),
      NO_ACCESS_ENTRY,
    ],
    [
      'an access entry with other groups, which are kept',
      'environment staging',
      'access entry',
      (one) => (one.groups = ['others']),
      'update-access-entry --region eu-central-1 --cluster-name shop --principal-arn ' +
        `${ROLE} --kubernetes-groups others drydock:deployment`,
    ],
    [
      'too few rights',
      'environment staging',
      'rights',
      (one) => (one.mayDo = () => false),
      'npm run -s cluster-manifests -- --namespace shop | kubectl apply -f -',
    ],
    [
      'too many rights',
      'environment staging',
      'rights',
      (one) => (one.mayDo = () => true),
      'kubectl get rolebindings,clusterrolebindings',
    ],
    [
      'no workload',
      'target web',
      'workload',
      (one) => (one.workload = undefined),
      'Correct deployment.targets.web.workload',
    ],
    [
      'no such container',
      'target web',
      'workload',
      (one) =>
        (one.workload = buildWorkload({ containers: [{ name: 'app', image: 'a', init: false, index: 0 }] })),
      'Correct deployment.targets.web.container',
    ],
    [
      'a registry that does not answer',
      'registry gitlab',
      'endpoint',
      (one) => one.silent.set('registry.example.com', silence('endpoint.name')),
      'as url beside host registry.example.com',
    ],
    [
      'a certificate that nobody trusts',
      'registry gitlab',
      'endpoint',
      (one) => one.silent.set('registry.example.com', silence('endpoint.certificate')),
      'Serve a certificate',
    ],
    [
      'a repository without tags',
      'registry gitlab',
      'pull',
      (one) => {
        one.tags = async function* none() {};
      },
      'push a first image',
    ],
    ['a door that is not there', 'source hook', 'door', (one) => (one.doorStatus = 404), 'npm run deploy'],
    ['a door that is open', 'source hook', 'door', (one) => (one.doorStatus = 202), 'exposure to none'],
    [
      'a door that cannot store',
      'source hook',
      'door',
      (one) => (one.doorStatus = 503),
      'aws logs tail --region eu-central-1 /drydock/main/deployment/receive-webhook',
    ],
  ])('%s', async (_what, subject, check, spoil, mend) => {
    spoil(world);
    const row = await find(subject, check);
    expect(row.state).toBe('fail');
    expect('mend' in row && row.mend).toContain(mend);
  });

  test.each([
    ['drydock/registry', 'registry gitlab', 'credentials', 'not json', 'aws secretsmanager put-secret-value'],
    [
      'drydock/registry',
      'registry gitlab',
      'credentials',
      '{"user":"robot"}',
      '{"username": "...", "password": "..."}',
    ],
    ['drydock/hook', 'source hook', 'secret', 'short', 'openssl rand -base64 32'],
    [
      'drydock/hook',
      'source hook',
      'secret',
      '{"previous":"a-long-enough-hook-secret"}',
      '{"current": "...", "previous": "..."}',
    ],
  ])('the secret %s of %s (%s) is %s', async (secret, subject, check, value, said) => {
    world.secrets.set(secret, value);
    expect(await find(subject, check)).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining(said),
    });
  });

  test('a secret that is not there', async () => {
    world.secrets.delete('drydock/hook');
    world.readSecret = async () => Promise.reject(new RefusedError('secret.missing', 'There is no secret.'));
    expect(await find('source hook', 'secret')).toMatchObject({ state: 'fail' });
  });

  test('credentials that the registry refuses', async () => {
    world.tags = () => {
      throw new RefusedError('registry.unauthorized', 'It refuses our credentials.');
    };
    expect(await find('registry gitlab', 'pull')).toMatchObject({ state: 'fail' });
  });

  test('a source at a site without a webhook', async () => {
    const row = await find('source hook', 'door', { site: { webhook: { exposure: 'none' } } });
    expect(row).toMatchObject({
      state: 'fail',
      mend: expect.stringContaining('sites.main.webhook.exposure'),
    });
  });

  test('an image that Helm sets', async () => {
    world.workload = buildWorkload({
      managedFields: [
        {
          manager: 'helm',
          operation: 'Update',
          fields: {
            'f:spec': {
              'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } },
            },
          },
        },
      ],
    });
    const row = await find('target web', 'image owner');
    expect(row).toMatchObject({ state: 'fail', mend: expect.stringContaining('takeOwnership: true') });
    expect(row.detail).toContain('Helm');
  });
});
