import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { makePlan } from '../../../functions/upgrade/plan/make-plan.ts';
import type { PlanDraft, PlanSubject } from '../../../functions/upgrade/plan/plan-subject.ts';
import { kubeProxy, managedCluster, offering, planSubject } from '../../support/plan-facts.ts';
import {
  buildCalendar,
  buildClusterFact,
  buildNode,
  buildNodeGroup,
  buildUpdate,
  topicOf,
  unreadTopic,
} from '../../support/upgrade-facts.ts';

const plan = (subject: PlanSubject, target = '1.36'): PlanDraft => {
  const made = makePlan(subject, target);
  if (!made.ok) throw new Error(made.reason);
  return made.plan;
};
const idsOf = (facts: ClusterFacts, target = '1.36', settings: Partial<PlanSubject['settings']> = {}) =>
  plan(planSubject(facts, settings), target).steps.map(({ id }) => id);

const CALENDAR = topicOf(
  ...buildCalendar(),
  ...buildCalendar()
    .filter(({ version }) => version === '1.36')
    .map((one) => ({ ...one, version: '1.37' })),
);

describe('a plan of one minor', () => {
  it('refreshes insights, moves the control plane, bakes, and then moves nodes and kube-proxy', () => {
    expect(idsOf(managedCluster({ addons: topicOf(kubeProxy()) }))).toEqual([
      'refresh-insights/1.36',
      'control-plane/1.36',
      'bake/1.36',
      'node-group/blue/1.36',
      'addon/kube-proxy/1.36/v1.36.1-eksbuild.2',
    ]);
  });

  it('moves an add-on first whose version the next minor does not take, one minor of it at a time', () => {
    const cni = offering('vpc-cni', 'v1.18.0-eksbuild.1', [
      ['v1.22.0-eksbuild.1', '1.36', '1.36'],
      ['v1.21.0-eksbuild.1', '1.35 1.36'],
      ['v1.20.4-eksbuild.2', '1.35'],
      ['v1.20.4-eksbuild.1', '1.35', '1.35'],
      ['v1.19.0-eksbuild.1', '1.34 1.35'],
      ['v1.18.0-eksbuild.1', '1.34 1.35'],
    ]);
    const dns = offering('coredns', 'v1.12.0', [
      ['v1.13.0', '1.36', '1.36'],
      ['v1.12.0', '1.35 1.36', '1.35'],
    ]);
    expect(idsOf(managedCluster({ addons: topicOf(dns, cni) }))).toEqual([
      'refresh-insights/1.36',
      'addon/vpc-cni/1.36/v1.19.0-eksbuild.1',
      'addon/vpc-cni/1.36/v1.20.4-eksbuild.2',
      'addon/vpc-cni/1.36/v1.21.0-eksbuild.1',
      'control-plane/1.36',
      'bake/1.36',
      'addon/vpc-cni/1.36/v1.22.0-eksbuild.1',
      'addon/coredns/1.36/v1.13.0',
      'node-group/blue/1.36',
    ]);
  });

  it('names an add-on for which no version works on both', () => {
    const csi = offering('aws-ebs-csi-driver', 'v1.30.0', [
      ['v1.40.0', '1.36'],
      ['v1.30.0', '1.35'],
    ]);
    expect(plan(planSubject(managedCluster({ addons: topicOf(csi) }))).refused).toEqual([
      {
        subject: 'add-on aws-ebs-csi-driver',
        reason: 'no version of it that EKS offers works on both 1.35 and 1.36; it is at v1.30.0',
      },
    ]);
  });

  it('bakes not at all when nobody wants it, and closes the way back with the first node group', () => {
    expect(idsOf(managedCluster(), '1.36', { bakeHours: 0 })).not.toContain('bake/1.36');
    expect(plan(planSubject()).closesWayBack).toBe('node-group/blue/1.36');
  });

  it('watches nodes of Karpenter and Auto Mode, and refuses self-managed ones by name', () => {
    const nodes = topicOf(
      buildNode({ name: 'a', origin: 'karpenter', group: 'general' }),
      buildNode({ name: 'b', origin: 'self-managed', group: 'old' }),
      buildNode({ name: 'c', origin: 'self-managed', group: 'old' }),
    );
    const cluster = topicOf(buildClusterFact({ autoMode: true }));
    const made = plan(planSubject(managedCluster({ nodes, cluster })));
    expect(made.steps.filter(({ kind }) => kind === 'watch-nodes').map(({ id }) => id)).toEqual([
      'watch-nodes/karpenter/1.36',
      'watch-nodes/auto/1.36',
    ]);
    expect(made.refused).toMatchObject([
      { subject: 'self-managed nodes old', reason: expect.stringContaining('these 2 nodes') },
    ]);
  });

  it('says which addresses and which part of a quota it needs, and what is there', () => {
    expect(plan(planSubject()).needs).toEqual([
      {
        what: 'free addresses for the control plane',
        needed: 5,
        available: 1_750,
        where: 'subnet-a, subnet-b',
      },
      {
        what: 'free addresses for 4 more nodes, and those of their pods',
        needed: 4,
        available: 1_750,
        where: 'node group blue (subnet-a, subnet-b)',
      },
      {
        what: 'vCPU of "Running On-Demand Standard instances" for 4 more nodes',
        needed: 32,
        available: 576,
        where: 'node group blue',
      },
    ]);
  });

  it.each<[string, Partial<Parameters<typeof buildNodeGroup>[0]>, number | undefined]>([
    ['a group that may lose 7 at once', { maxUnavailable: 7 }, 7],
    [
      'a group of 40 that may lose a quarter',
      { maxUnavailable: undefined, maxUnavailablePercentage: 25, desiredSize: 40 },
      10,
    ],
    ['one that takes away before it adds', { strategy: 'MINIMAL' }, undefined],
  ])('%s grows by the larger of two a zone and what may be away', (_, changes, nodes) => {
    const group = buildNodeGroup(changes);
    const needs = plan(planSubject(managedCluster({ nodeGroups: topicOf(group) }))).needs;
    expect(needs.find(({ where }) => where.startsWith('node group'))?.needed).toBe(nodes);
  });
});

describe('a plan of several minors', () => {
  it('never skips one, and moves the nodes of each before the next', () => {
    expect(idsOf(managedCluster({ versions: CALENDAR, addons: topicOf(kubeProxy()) }), '1.37')).toEqual([
      'refresh-insights/1.36',
      'control-plane/1.36',
      'bake/1.36',
      'node-group/blue/1.36',
      'addon/kube-proxy/1.36/v1.36.1-eksbuild.2',
      'refresh-insights/1.37',
      'control-plane/1.37',
      'bake/1.37',
      'node-group/blue/1.37',
      'addon/kube-proxy/1.37/v1.37.0-eksbuild.1',
    ]);
  });

  it('brings nodes to the present minor first when they are behind it', () => {
    const group = topicOf(buildNodeGroup({ version: '1.34' }));
    expect(idsOf(managedCluster({ nodeGroups: group }))).toEqual([
      'node-group/blue/1.35',
      'refresh-insights/1.36',
      'control-plane/1.36',
      'bake/1.36',
      'node-group/blue/1.36',
    ]);
  });
});

describe('a cluster whose control plane is there already', () => {
  const halfWay = (createdAt: string, addon = kubeProxy()) =>
    managedCluster({
      cluster: topicOf(buildClusterFact({ version: '1.36' })),
      addons: topicOf(addon),
      updates: topicOf(buildUpdate({ params: { Version: '1.36' }, createdAt })),
    });

  it('gets what is left, and bakes on while its bake is not over', () => {
    expect(idsOf(halfWay('2026-11-21T02:00:00.000Z'))).toEqual([
      'bake/1.36',
      'node-group/blue/1.36',
      'addon/kube-proxy/1.36/v1.36.1-eksbuild.2',
    ]);
  });

  it('bakes no more once EKS says that it came there long ago', () => {
    expect(idsOf(halfWay('2026-11-20T02:00:00.000Z'))).toEqual([
      'node-group/blue/1.36',
      'addon/kube-proxy/1.36/v1.36.1-eksbuild.2',
    ]);
  });

  it('has nothing to do when nodes and kube-proxy are there as well, whatever newer add-ons there are', () => {
    const cni = offering('vpc-cni', 'v1.20.0', [
      ['v1.21.0', '1.36', '1.36'],
      ['v1.20.0', '1.35 1.36', '1.35'],
    ]);
    const facts = {
      ...halfWay('2026-11-20T02:00:00.000Z'),
      addons: topicOf(cni, kubeProxy('v1.36.1-eksbuild.2')),
      nodeGroups: topicOf(buildNodeGroup({ version: '1.36' })),
    };
    expect(makePlan(planSubject(facts), '1.36')).toMatchObject({ ok: false, outcome: 'nothing-to-do' });
  });
});

describe('no plan is made', () => {
  it.each<[string, ClusterFacts, string, RegExp]>([
    [
      'below the present version',
      managedCluster(),
      '1.34',
      /lies below: to go back one minor, ask with "rollback"/,
    ],
    [
      'for a version that EKS does not know',
      managedCluster(),
      '1.39',
      /EKS does not know Kubernetes 1.39; it offers 1.31,.*1.36/,
    ],
    [
      'when nodes could not be read',
      managedCluster({ nodes: unreadTopic('nodes', 'list nodes') }),
      '1.36',
      /nodes could not be read, access denied; give its role the right list nodes/,
    ],
    [
      'when add-ons were not asked for',
      managedCluster({ addons: undefined }),
      '1.36',
      /addons could not be read/,
    ],
  ])('%s', (_, facts, target, reason) => {
    const made = makePlan(planSubject(facts), target);
    expect(made).toMatchObject({ ok: false, outcome: 'refused', reason: expect.stringMatching(reason) });
  });
});

describe('the hash of a plan', () => {
  it('is the same for the same facts, and another one when a step, a node group or the owner differs', () => {
    const id = plan(planSubject()).id;
    expect(plan(planSubject()).id).toBe(id);
    const others = [
      planSubject(managedCluster(), { bakeHours: 12 }),
      planSubject(managedCluster(), { owner: 'external' }),
      planSubject(managedCluster({ nodeGroups: topicOf(buildNodeGroup({ name: 'green' })) })),
      planSubject(managedCluster({ nodes: topicOf(buildNode({ origin: 'self-managed', group: 'x' })) })),
    ].map((subject) => plan(subject).id);
    expect(new Set([id, ...others]).size).toBe(5);
  });
});
