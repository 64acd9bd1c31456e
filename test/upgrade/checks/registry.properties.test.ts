import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { CHECKS } from '../../../functions/upgrade/checks/registry.ts';
import { type Examined, examine } from '../../../functions/upgrade/examination.ts';
import { troubledCluster } from '../../support/troubled-cluster.ts';
import {
  buildAddon,
  buildBudget,
  buildInsight,
  buildNode,
  buildNodeGroup,
  buildNodePool,
  buildUpdate,
  buildWebhook,
  buildWorkloadFact,
  CHECK_TIME,
  CLUSTER,
  healthyCluster,
  REGION,
} from '../../support/upgrade-facts.ts';

const run = (facts: ClusterFacts): Examined =>
  examine(
    facts,
    { cluster: CLUSTER, region: REGION, current: '1.35', target: '1.36', now: CHECK_TIME },
    CHECKS,
  );

/** Healthy objects that have nothing to do with those that are there, as many of each kind as is drawn. */
const strangers = (amount: number): ClusterFacts => {
  const many = <T>(build: (name: string) => T): { items: T[]; unread: [] } => ({
    items: Array.from({ length: amount }, (_, index) => build(`stranger-${index}`)),
    unread: [],
  });
  return {
    insights: many((name) => buildInsight({ id: name, name })),
    addons: many((name) => buildAddon({ name })),
    // On spot capacity: the quota of on-demand nodes is no business of theirs.
    nodeGroups: many((name) =>
      buildNodeGroup({ name, capacityType: 'SPOT', subnetIds: [`subnet-of-${name}`] }),
    ),
    subnets: many((name) => ({
      id: `subnet-of-${name}`,
      exists: true,
      zone: 'euc1-az3',
      freeAddresses: 500,
      usedBy: ['node group' as const],
    })),
    updates: many((name) => buildUpdate({ id: name, about: name, type: 'AddonUpdate' })),
    nodes: many((name) => buildNode({ name, group: name })),
    workloads: many((name) => buildWorkloadFact({ name, namespace: name })),
    budgets: many((name) => buildBudget({ name, namespace: name })),
    webhooks: many((name) => buildWebhook({ configuration: name })),
    nodePools: many((name) => buildNodePool({ name })),
  };
};

/** Both in one, those of the second before or behind those of the first. */
const join = (facts: ClusterFacts, more: ClusterFacts, first: boolean): ClusterFacts => {
  const both = <T>(a: { items: T[] } | undefined, b: { items: T[] } | undefined) => ({
    items: first ? [...(b?.items ?? []), ...(a?.items ?? [])] : [...(a?.items ?? []), ...(b?.items ?? [])],
    unread: [],
  });
  return {
    ...facts,
    insights: both(facts.insights, more.insights),
    addons: both(facts.addons, more.addons),
    nodeGroups: both(facts.nodeGroups, more.nodeGroups),
    subnets: both(facts.subnets, more.subnets),
    updates: both(facts.updates, more.updates),
    nodes: both(facts.nodes, more.nodes),
    workloads: both(facts.workloads, more.workloads),
    budgets: both(facts.budgets, more.budgets),
    webhooks: both(facts.webhooks, more.webhooks),
    nodePools: both(facts.nodePools, more.nodePools),
  };
};

describe('all checks together', () => {
  it('say the same of what is wrong, whatever healthy strangers are beside it, before or behind', () => {
    const alone = run(troubledCluster()).findings;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.boolean(), (amount, first) => {
        expect(run(join(troubledCluster(), strangers(amount), first)).findings).toEqual(alone);
      }),
      { numRuns: 20 },
    );
  });

  it('find nothing among any number of healthy objects', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 }), fc.boolean(), (amount, first) => {
        expect(run(join(healthyCluster(), strangers(amount), first)).findings).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('give every finding an id of its own', () => {
    const ids = run(troubledCluster()).findings.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('judge the same facts alike, and leave them as they were', () => {
    const facts = troubledCluster();
    expect(run(facts)).toEqual(run(facts));
    expect(facts).toEqual(troubledCluster());
  });
});
