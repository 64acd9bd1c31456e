import { describe, expect, it } from 'vitest';
import type { NodeFact } from '../../../functions/records/upgrade/kubernetes-facts.ts';
import type { RollbackCheck } from '../../../functions/records/upgrade/plan.ts';
import { pathDown } from '../../../functions/upgrade/plan/addon-path.ts';
import { moveAddons } from '../../../functions/upgrade/plan/addon-steps.ts';
import { moveNodes } from '../../../functions/upgrade/plan/node-steps.ts';
import { checkOf, listCured } from '../../../functions/upgrade/plan/rollback-check.ts';
import { kubeProxy, managedCluster } from '../../support/plan-facts.ts';
import { buildInsight, buildNode, buildNodeGroup, topicOf } from '../../support/upgrade-facts.ts';

describe('the check that an insight shows', () => {
  it.each<[name: string, check: RollbackCheck | undefined]>([
    ['Kubelet version skew', 'kubelet-skew'],
    ['Rollback: kubelet version skew with v1.35', 'kubelet-skew'],
    ['kube-proxy version skew', 'kube-proxy-skew'],
    ['EKS add-on version compatibility', 'addon-compatibility'],
    ['Addon compatibility', 'addon-compatibility'],
    ['Kubelet health', undefined],
    ['Version skew', undefined],
    ['EKS add-on health', undefined],
    ['Deprecated APIs used after the upgrade', undefined],
  ])('%s is %s', (name, check) => {
    expect(checkOf(buildInsight({ name, category: 'ROLLBACK_READINESS' }))).toBe(check);
  });

  it('is none of a way up', () => {
    expect(checkOf(buildInsight({ name: 'Kubelet version skew' }))).toBeUndefined();
  });
});

describe('kubelets are cured', () => {
  const group = buildNodeGroup({ version: '1.36' });
  const managed = buildNode({ origin: 'managed', group: group.name, kubelet: '1.36' });
  const curedOf = (nodes: NodeFact[], groups = [group]) => {
    const facts = managedCluster({ nodes: topicOf(...nodes), nodeGroups: topicOf(...groups) });
    return listCured(facts, '1.35', moveNodes(facts, '1.35', ({ version }) => version).steps);
  };

  it.each<[string, NodeFact[], boolean]>([
    ['when every newer node is in a group that goes down', [managed], true],
    [
      'when nodes of others are as old already',
      [managed, { ...managed, origin: 'self-managed', kubelet: '1.35' }],
      true,
    ],
    [
      'when Auto Mode has newer ones, which EKS takes back itself',
      [managed, { ...managed, origin: 'auto' }],
      true,
    ],
    ['not when Fargate runs a newer one', [managed, { ...managed, origin: 'fargate', group: 'jobs' }], false],
    ['not when a node of its own owner is newer', [managed, { ...managed, origin: 'self-managed' }], false],
    ['not when another group stays', [managed, { ...managed, group: 'custom' }], false],
  ])('%s', (_, nodes, isCured) => {
    expect(curedOf(nodes)).toEqual(isCured ? ['kubelet-skew'] : []);
  });

  it('by nobody when no group goes down', () => {
    expect(curedOf([{ ...managed, kubelet: '1.35' }], [{ ...group, version: '1.35' }])).toEqual([]);
  });

  it('and so are add-ons that go down, kube-proxy among them', () => {
    const proxy = kubeProxy('v1.36.1-eksbuild.2');
    const { steps } = moveAddons([proxy], '1.35', 'PRESERVE', (addon) => pathDown(addon, '1.36', '1.35'));
    expect(listCured(managedCluster(), '1.35', steps)).toEqual(['kube-proxy-skew', 'addon-compatibility']);
  });
});
