import { describe, expect, test } from 'vitest';
import type { AccessQuestion } from '../../functions/clients/kubernetes-access.ts';
import { examine } from '../../functions/commands/doctor/examination.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { listUpgradeAccess } from '../../functions/upgrade/cluster-access.ts';
import { FILE } from '../support/doctor-examination.ts';
import { createHealthyWorld, type HealthyWorld, openInstruments, ROLE } from '../support/fake-instruments.ts';

const { sites, environments } = FILE;
/** A site with nothing but upgrades. */
const look = async (change: (world: HealthyWorld) => void = () => undefined, settings: object = {}) => {
  const world = createHealthyWorld();
  change(world);
  const upgrade = { environments: { staging: settings } };
  const configuration = Configuration.parse({ version: 1, sites, environments, upgrade });
  const rows = await examine(configuration, ['main'], openInstruments(world));
  return rows.filter(({ subject }) => subject === 'environment staging');
};

/** The rights that the manifest for these Helm namespaces gives. */
const mayList =
  (helm: readonly string[]) =>
  ({ verb, group, resource, namespace }: AccessQuestion): boolean =>
    listUpgradeAccess(helm, []).some(
      (row) =>
        row.allowed &&
        row.verb === verb &&
        row.group === group &&
        row.resource === resource &&
        row.namespace === namespace,
    );

test('a site with nothing but upgrades is asked for what upgrades need', async () => {
  const rows = await look();
  expect(rows.map(({ check, state }) => `${check}: ${state}`)).toEqual([
    'cluster: pass',
    'endpoint: pass',
    'access entry, upgrade: pass',
    'rights, upgrade: pass',
  ]);
});

describe('what is wrong with the access of upgrades, and the command that mends it', () => {
  test.each<[string, string, (world: HealthyWorld) => void, object, string]>([
    [
      'no access entry',
      'access entry, upgrade',
      (world) => (world.groups = undefined),
      {},
      `create-access-entry --region eu-central-1 --cluster-name shop --principal-arn ${ROLE}-read --kubernetes-groups drydock:upgrade`,
    ],
    [
      'the group of another capability only',
      'access entry, upgrade',
      (world) => (world.groups = ['drydock:deployment']),
      {},
      '--kubernetes-groups drydock:deployment drydock:upgrade',
    ],
    [
      'no rights',
      'rights, upgrade',
      (world) => (world.mayDo = () => false),
      {},
      'npm run -s cluster-manifests -- --capability upgrade | kubectl apply -f -',
    ],
    [
      'Helm releases that are to be read and may not be',
      'rights, upgrade',
      (world) => (world.mayDo = mayList([])),
      { helmNamespaces: ['gitlab', 'shop'] },
      '--capability upgrade --helm-namespace gitlab --helm-namespace shop |',
    ],
    [
      'Helm releases of all namespaces',
      'rights, upgrade',
      (world) => (world.mayDo = mayList([])),
      { helmNamespaces: 'all' },
      '--capability upgrade --helm-namespace all |',
    ],
    [
      'the right to read Secrets that nobody asked for',
      'rights, upgrade',
      (world) => (world.mayDo = mayList([''])),
      {},
      'kubectl get rolebindings,clusterrolebindings',
    ],
  ])('%s', async (_, check, change, settings, mend) => {
    const row = (await look(change, settings)).find((one) => one.check === check);
    expect(row).toMatchObject({ state: 'fail', mend: expect.stringContaining(mend) });
  });

  test('a stack without the roles of upgrades has to be deployed first', async () => {
    const rows = await look(({ outputs }) => delete outputs?.['UpgradePlanRoleArn']);
    expect(rows.find(({ check }) => check === 'access entry, upgrade')).toMatchObject({
      state: 'not-checked',
      mend: 'npm run deploy',
    });
  });
});

test('the rights of upgrades are those of their group, not our own', async () => {
  const world = createHealthyWorld();
  const configuration = Configuration.parse({ version: 1, sites, environments, upgrade: {} });
  await examine(configuration, ['main'], openInstruments(world));
  expect(world.asked).toContain('rights of: drydock:upgrade system:authenticated');
});
