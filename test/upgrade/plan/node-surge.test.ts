import { describe, expect, it } from 'vitest';
import { nodeSurge } from '../../../functions/upgrade/plan/node-surge.ts';
import { buildNodeGroup } from '../../support/upgrade-facts.ts';

describe('a managed node group that is updated', () => {
  it.each([
    ['grows by two nodes a zone', {}, 3, 6],
    ['grows by 10 in five zones, one at a time', { maxUnavailable: 1 }, 5, 10],
    ['grows by 20 when so many may be unavailable', { maxUnavailable: 20 }, 5, 20],
    [
      'grows by its share of nodes',
      { maxUnavailable: undefined, maxUnavailablePercentage: 50, desiredSize: 30 },
      3,
      15,
    ],
    ['does not grow with the strategy MINIMAL', { strategy: 'MINIMAL' as const }, 3, 0],
    ['does not grow without nodes', { desiredSize: 0 }, 3, 0],
  ])('%s', (_title, overrides, zones, surge) => {
    expect(nodeSurge(buildNodeGroup(overrides), zones)).toBe(surge);
  });
});
