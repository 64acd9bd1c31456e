import { expect, test } from 'vitest';
import type { BudgetFact } from '../../../functions/records/upgrade/kubernetes-facts.ts';
import { collectBudgets } from '../../../functions/upgrade/collectors/kubernetes-budgets.ts';
import { collectExternalIps } from '../../../functions/upgrade/collectors/kubernetes-external-ips.ts';
import { collectAll } from '../../support/collect-all.ts';
import { fakeKubernetesReader } from '../../support/fake-kubernetes-reader.ts';

const metadata = { namespace: 'shop', name: 'web' };
const readBudget = async (spec: unknown, status?: unknown): Promise<BudgetFact | undefined> => {
  const objects = { 'poddisruptionbudgets.policy': [{ metadata, spec, status }] };
  const { facts } = await collectAll(collectBudgets, fakeKubernetesReader({ objects }));
  return facts.budgets?.items[0];
};

test('a budget is read', async () => {
  const selector = {
    matchLabels: { app: 'web' },
    matchExpressions: [{ key: 'tier', operator: 'In', values: ['a'] }],
  };
  const status = { disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 };
  expect(await readBudget({ minAvailable: '50%', selector }, status)).toEqual({
    ...metadata,
    ...selector,
    selectsNothing: false,
    minAvailable: '50%',
    disruptionsAllowed: 1,
    healthy: 3,
    wanted: 2,
    pods: 3,
  });
});

test.each<[string, unknown, Partial<BudgetFact>]>([
  [
    'without a selector selects nothing',
    { maxUnavailable: 1 },
    { selectsNothing: true, maxUnavailable: '1' },
  ],
  ['with an empty selector selects all', { selector: {} }, { selectsNothing: false, matchLabels: {} }],
  ['of null selects nothing', { selector: null, minAvailable: null }, { selectsNothing: true }],
  ['that allows none keeps its 0', { maxUnavailable: 0, selector: {} }, { maxUnavailable: '0' }],
  [
    'with an operator without values is read',
    { selector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } },
    { matchExpressions: [{ key: 'a', operator: 'Exists', values: [] }] },
  ],
  ['that nobody judged yet allows nothing', {}, { disruptionsAllowed: 0, pods: 0 }],
])('a budget %s', async (_, spec, expected) => {
  const budget = await readBudget(spec);
  expect(budget).toMatchObject(expected);
  expect(budget).not.toHaveProperty(['minAvailable']);
});

test('only Services with external IPs are facts', async () => {
  const objects = {
    services: [
      { metadata, spec: { externalIPs: ['192.0.2.1', '192.0.2.2'] } },
      { metadata: { ...metadata, name: 'plain' }, spec: { clusterIP: '10.0.0.1' } },
      { metadata: { ...metadata, name: 'empty' }, spec: { externalIPs: [] } },
      { metadata: { ...metadata, name: 'bare' } },
    ],
  };
  const { facts } = await collectAll(collectExternalIps, fakeKubernetesReader({ objects }));
  expect(facts.externalIps).toEqual({
    items: [{ ...metadata, addresses: ['192.0.2.1', '192.0.2.2'] }],
    unread: [],
  });
});
