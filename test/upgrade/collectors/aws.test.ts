import { describe, expect, it } from 'vitest';
import { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { collectAccount } from '../../../functions/upgrade/collectors/aws-account.ts';
import { collectAddons } from '../../../functions/upgrade/collectors/aws-addons.ts';
import { collectCluster } from '../../../functions/upgrade/collectors/aws-cluster.ts';
import { collectInsights, refreshInsights } from '../../../functions/upgrade/collectors/aws-insights.ts';
import { collectNodeGroups } from '../../../functions/upgrade/collectors/aws-nodes.ts';
import { COLLECTORS } from '../../../functions/upgrade/collectors/registry.ts';
import type { Collector } from '../../../functions/upgrade/reading/collection.ts';
import { type FakeAws, type FakeEks, fakeAws } from '../../support/fake-aws.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { buildNodeGroup } from '../../support/upgrade-facts.ts';

const TASK = { cluster: 'gitlab', current: '1.35', target: '1.36', settings: { helmNamespaces: [] } };

const collect = async (
  collector: Collector,
  sources: Partial<Pick<FakeAws, 'eks' | 'account'>>,
): Promise<ClusterFacts> => {
  const clock = createFixedClock('2026-11-21T12:00:00.000Z');
  const signal = new AbortController().signal;
  const { facts, cursor } = await collector.collect({ ...sources, clock }, TASK, undefined, signal);
  expect(cursor).toBeUndefined();
  expect(ClusterFacts.parse(facts)).toEqual(facts);
  return facts;
};
const collectFrom = (collector: Collector, holdings: FakeEks = {}) => {
  const { eks, account } = fakeAws(holdings);
  return collect(collector, { eks, account });
};

const TOPICS = [
  [collectCluster.name, collectCluster, ['cluster', 'versions', 'updates']],
  [collectAddons.name, collectAddons, ['addons', 'updates']],
  [collectNodeGroups.name, collectNodeGroups, ['nodeGroups', 'fargate', 'updates']],
  [collectAccount.name, collectAccount, ['subnets', 'identities', 'quotas']],
  [collectInsights.name, collectInsights, ['insights']],
] as const;

describe('what AWS says of a cluster', () => {
  it.each(TOPICS)('%s: its topics are read in full', async (_, collector, topics) => {
    const facts = await collectFrom(collector);
    expect(Object.keys(facts).toSorted()).toEqual([...topics].toSorted());
    for (const topic of topics) {
      expect(facts[topic]?.items).not.toEqual([]);
      expect(facts[topic]?.unread).toEqual([]);
    }
  });

  it.each(TOPICS)('%s: where nobody is signed in every topic says so', async (_, collector, topics) => {
    const facts = await collect(collector, {});
    expect(Object.keys(facts).toSorted()).toEqual([...topics].toSorted());
    for (const topic of topics) {
      expect(facts[topic]?.unread).toEqual([
        { what: expect.any(String), reason: expect.stringContaining('no AWS credentials') },
      ]);
    }
  });

  it.each([
    ['readCluster', 'cluster', collectCluster],
    ['listVersions', 'versions', collectCluster],
    ['listUpdates', 'updates', collectCluster],
    ['listAddons', 'addons', collectAddons],
    ['listAddons', 'updates', collectAddons],
    ['listUpdates', 'updates', collectAddons],
    ['listNodeGroups', 'nodeGroups', collectNodeGroups],
    ['listNodeGroups', 'updates', collectNodeGroups],
    ['readLaunchTemplate', 'nodeGroups', collectNodeGroups],
    ['listFargateProfiles', 'fargate', collectNodeGroups],
    ['listUpdates', 'updates', collectNodeGroups],
    ['readCluster', 'subnets', collectAccount],
    ['readCluster', 'identities', collectAccount],
    ['listNodeGroups', 'subnets', collectAccount],
    ['listFargateProfiles', 'subnets', collectAccount],
    ['readSubnets', 'subnets', collectAccount],
    ['readQuotas', 'quotas', collectAccount],
    ['readRole', 'identities', collectAccount],
    ['readKey', 'identities', collectAccount],
    ['readSecurityGroups', 'identities', collectAccount],
    ['listInsights', 'insights', collectInsights],
  ] as const)('without the right to %s, %s is unread and names it', async (name, topic, collector) => {
    const facts = await collectFrom(collector, { forbidden: [name] });
    expect(facts[topic]?.unread.map(({ permission }) => permission)).toEqual([`aws:${name}`]);
  });

  it('what can be read beside something forbidden is read', async () => {
    const nodes = await collectFrom(collectNodeGroups, { forbidden: ['readLaunchTemplate', 'listUpdates'] });
    expect(nodes.nodeGroups?.items).toEqual([buildNodeGroup()]);
    const account = await collectFrom(collectAccount, { forbidden: ['readRole', 'listNodeGroups'] });
    expect(account.identities?.items.map(({ kind }) => kind)).toEqual(['key', 'security group']);
    expect(account.subnets?.items.map(({ id }) => id)).toEqual(['subnet-a', 'subnet-b', 'subnet-f']);
  });

  it('every collector is in the list, the refresh before all others and the insights behind them', () => {
    expect(COLLECTORS).toEqual(expect.arrayContaining(TOPICS.map(([, collector]) => collector)));
    expect([COLLECTORS[0], COLLECTORS.at(-1)]).toEqual([refreshInsights, collectInsights]);
    expect(new Set(COLLECTORS.map(({ name }) => name)).size).toBe(COLLECTORS.length);
  });
});

describe('versions', () => {
  it('come from our own calendar, marked, when EKS does not give them', async () => {
    const { versions } = await collectFrom(collectCluster, { forbidden: ['listVersions'] });
    expect(versions?.items.find(({ version }) => version === '1.34')).toMatchObject({ source: 'table' });
    expect(versions?.unread).toHaveLength(1);
    expect((await collectFrom(collectCluster)).versions?.items.every(({ source }) => source === 'eks')).toBe(
      true,
    );
  });
});

describe('add-ons', () => {
  it('are asked for every minor from the current one to two beyond the target', async () => {
    const aws = fakeAws();
    await collect(collectAddons, aws);
    expect(aws.calls).toContainEqual(['listAddons', ['1.35', '1.36', '1.37', '1.38']]);
    expect(aws.calls).toContainEqual(['listUpdates', 'vpc-cni']);
  });
});

describe('node groups', () => {
  it('are told what became of their launch template since', async () => {
    const { nodeGroups } = await collectFrom(collectNodeGroups);
    expect(nodeGroups?.items[0]?.launchTemplate).toEqual({
      id: 'lt-1',
      name: 'blue',
      used: '4',
      newest: '9',
      default: '2',
      customAmi: true,
    });
  });

  it('without a launch template ask for none', async () => {
    const { launchTemplate: _, ...plain } = buildNodeGroup();
    const aws = fakeAws({ nodeGroups: [plain] });
    expect((await collect(collectNodeGroups, aws)).nodeGroups?.items).toEqual([plain]);
    expect(aws.calls.map(([name]) => name)).not.toContain('readLaunchTemplate');
  });

  it('are read also where EC2 cannot be asked', async () => {
    const { nodeGroups } = await collect(collectNodeGroups, { eks: fakeAws().eks });
    expect(nodeGroups).toMatchObject({
      items: [buildNodeGroup()],
      unread: [{ what: 'launch template of node group blue' }],
    });
  });
});

describe('subnets', () => {
  it('are those of the cluster, of its node groups and of Fargate, each with its use', async () => {
    const aws = fakeAws({ nodeGroups: [buildNodeGroup({ subnetIds: ['subnet-b', 'subnet-c'] })] });
    await collect(collectAccount, aws);
    expect(aws.calls.find(([name]) => name === 'readSubnets')?.[1]).toEqual([
      { id: 'subnet-a', usedBy: ['cluster'] },
      { id: 'subnet-b', usedBy: ['cluster'] },
      { id: 'subnet-b', usedBy: ['node group'] },
      { id: 'subnet-c', usedBy: ['node group'] },
      { id: 'subnet-f', usedBy: ['fargate'] },
    ]);
  });
});
