import { describe, expect, it } from 'vitest';
import { leastVcpus, mostVcpus, needsStandardVcpus } from '../../../functions/upgrade/plan/node-vcpus.ts';
import { listNeeds } from '../../../functions/upgrade/plan/plan-needs.ts';
import { buildNodeGroup, healthyCluster, topicOf } from '../../support/upgrade-facts.ts';

const group = (...instanceTypes: string[]) => buildNodeGroup({ instanceTypes });

describe('the vCPUs of a new node', () => {
  it.each([
    [['m7g.4xlarge'], 16, 16],
    [['r7i.xlarge'], 4, 4],
    [['m7i.large', 'c7i.8xlarge'], 2, 32],
    [['m7g.medium'], 1, 2],
    [['t3.small', 'm7i.2xlarge'], 1, 8],
    [['m7i.metal-24xl'], 1, undefined],
  ])('of %j are from %i to %s', (types, least, most) => {
    expect([leastVcpus(group(...types)), mostVcpus(group(...types))]).toEqual([least, most]);
  });

  it.each([
    ['do for on-demand nodes of a standard family', {}, true],
    ['do not on spot capacity', { capacityType: 'SPOT' }, false],
    ['do not in a capacity block', { capacityType: 'CAPACITY_BLOCK' }, false],
    ['do not for accelerated nodes', { instanceTypes: ['g5.xlarge'] }, false],
    [
      'do not for certain when a group may take either',
      { instanceTypes: ['g5.xlarge', 'm7i.xlarge'] },
      false,
    ],
    ['do not when its types are not known', { instanceTypes: [] }, false],
  ])('%s count against the standard quota', (_title, overrides, counts) => {
    expect(needsStandardVcpus(buildNodeGroup(overrides))).toBe(counts);
  });

  it('of another family are no need of a plan in the standard quota', () => {
    const step = {
      kind: 'node-group',
      id: 'node-group/blue/1.36',
      title: 'node group blue from 1.35 to 1.36',
      minor: '1.36',
      minutes: 30,
      nodeGroup: 'blue',
      from: '1.35',
      to: '1.36',
    } as const;
    const needsOf = (type: string): number =>
      listNeeds(healthyCluster({ nodeGroups: topicOf(group(type)) }), [step]).length;
    expect([needsOf('m7i.xlarge'), needsOf('g5.xlarge')]).toEqual([2, 1]);
  });
});
