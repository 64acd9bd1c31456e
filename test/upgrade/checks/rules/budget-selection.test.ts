import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evictedBy, selectsPodsOf } from '../../../../functions/upgrade/checks/rules/budget-selection.ts';
import { buildBudget, buildWorkloadFact } from '../../../support/upgrade-facts.ts';

const selects = (
  budget: Parameters<typeof buildBudget>[0],
  podLabels: Record<string, string> = { app: 'web', tier: 'front' },
): boolean => selectsPodsOf(buildBudget({ matchLabels: {}, ...budget }), buildWorkloadFact({ podLabels }));

const expression = (operator: string, ...values: string[]) => ({
  matchExpressions: [{ key: 'tier', operator, values }],
});

describe('a disruption budget', () => {
  it.each([
    ['selects everything in its namespace with an empty selector', {}, true],
    ['selects nothing without a selector', { selectsNothing: true }, false],
    ['selects nothing of another namespace', { namespace: 'other' }, false],
    ['selects by a label', { matchLabels: { app: 'web' } }, true],
    ['needs all of its labels', { matchLabels: { app: 'web', tier: 'back' } }, false],
    ['needs the label to be there', { matchLabels: { missing: '' } }, false],
    ['does not take what every object has for a label', { matchLabels: { constructor: 'Object' } }, false],
    ['selects a value that is In', expression('In', 'back', 'front'), true],
    ['leaves a value that is not In', expression('In', 'back'), false],
    ['leaves a value that is NotIn', expression('NotIn', 'front'), false],
    ['selects a value that is not NotIn', expression('NotIn', 'back'), true],
    ['selects a label that Exists', expression('Exists'), true],
    ['leaves a label that must not exist', expression('DoesNotExist'), false],
    ['selects nothing by an operator that nobody knows', expression('Near', 'front'), false],
    ['needs labels and expressions', { matchLabels: { app: 'web' }, ...expression('In', 'back') }, false],
  ])('%s', (_title, budget, expected) => {
    expect(selects(budget)).toBe(expected);
  });

  it.each([
    ['In', ['front'], false],
    ['NotIn', ['front'], true],
    ['Exists', [], false],
    ['DoesNotExist', [], true],
  ] as const)('by %s judges a label that is not there', (operator, values, expected) => {
    expect(selects(expression(operator, ...values), { app: 'web' })).toBe(expected);
  });

  it('with an expression and with its opposite selects one or the other', () => {
    const labels = fc.dictionary(fc.constantFrom('tier', 'app'), fc.constantFrom('front', 'back'));
    fc.assert(
      fc.property(labels, fc.subarray(['front', 'back']), (podLabels, values) => {
        expect(selects(expression('In', ...values), podLabels)).toBe(
          !selects(expression('NotIn', ...values), podLabels),
        );
        expect(selects(expression('Exists'), podLabels)).toBe(
          !selects(expression('DoesNotExist'), podLabels),
        );
      }),
    );
  });
});

describe('a drain', () => {
  it.each([
    ['evicts pods of a Deployment', 'Deployment', 2, true],
    ['evicts pods of a StatefulSet', 'StatefulSet', 1, true],
    ['evicts pods of a ReplicationController', 'ReplicationController', 1, true],
    ['evicts a pod of nobody', 'Pod', 1, true],
    ['leaves pods of a DaemonSet', 'DaemonSet', 3, false],
    ['is not asked about jobs, which end', 'Job', 1, false],
    ['is not asked about cron jobs', 'CronJob', 1, false],
    ['has nothing to evict of what is scaled to zero', 'Deployment', 0, false],
  ] as const)('%s', (_title, kind, replicas, expected) => {
    expect(evictedBy([buildWorkloadFact({ kind, replicas })])).toHaveLength(expected ? 1 : 0);
  });
});
