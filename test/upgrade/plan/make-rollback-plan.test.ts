import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { makeRollbackPlan } from '../../../functions/upgrade/plan/make-rollback-plan.ts';
import { kubeProxy, managedCluster, planSubject } from '../../support/plan-facts.ts';
import {
  buildCalendar,
  buildClusterFact,
  buildNode,
  buildNodeGroup,
  buildUpdate,
  topicOf,
} from '../../support/upgrade-facts.ts';

const arrival = buildUpdate({ params: { Version: '1.36' }, createdAt: '2026-11-20T02:00:00.000Z' });

/** A cluster that came to 1.36 yesterday. */
const upgraded = (overrides: ClusterFacts = {}): ClusterFacts =>
  managedCluster({
    cluster: topicOf(buildClusterFact({ version: '1.36' })),
    updates: topicOf(arrival),
    ...overrides,
  });

describe('the way back', () => {
  it('takes nodes down first, then add-ons, then the control plane', () => {
    const made = makeRollbackPlan(
      planSubject(
        upgraded({
          nodeGroups: topicOf(buildNodeGroup({ version: '1.36' })),
          addons: topicOf(kubeProxy('v1.36.1-eksbuild.2')),
        }),
      ),
    );
    expect(made).toMatchObject({ ok: true, plan: { direction: 'rollback', from: '1.36', to: '1.35' } });
    expect(made.ok && made.plan.steps.map(({ id }) => id)).toEqual([
      'refresh-insights/back-to-1.35',
      'node-group/blue/1.35',
      'addon/kube-proxy/1.35/v1.35.2-eksbuild.4',
      'refresh-insights/back-to-1.35/last',
      'control-plane/back-to-1.35',
    ]);
    expect(made.ok && made.plan.steps.map((step) => step.kind === 'refresh-insights' && step.cured)).toEqual([
      ['kubelet-skew', 'kube-proxy-skew', 'addon-compatibility'],
      false,
      false,
      undefined,
      false,
    ]);
    expect(made.ok && made.plan.steps[0]?.title).toBe(
      'EKS judges anew whether the cluster can go back to 1.35; what it says of kubelet version skew, ' +
        'kube-proxy version skew, add-on version compatibility is cured by the next steps',
    );
  });

  it('leaves nodes alone that were not moved yet, and asks a person to replace pods on Fargate', () => {
    const fargate = topicOf({ name: 'jobs', status: 'ACTIVE', subnetIds: [] });
    const made = makeRollbackPlan(planSubject(upgraded({ fargate })));
    expect(made.ok && made.plan.steps.map(({ kind }) => kind)).toEqual(['refresh-insights', 'control-plane']);
    expect(made.ok && made.plan.manual).toMatchObject([
      { subject: 'Fargate profile jobs', what: expect.stringContaining('newer than 1.35') },
    ]);
  });

  it('names nodes of others that are newer than the control plane would be', () => {
    const nodes = topicOf(
      buildNode({ name: 'a', origin: 'self-managed', group: 'own', kubelet: '1.36' }),
      buildNode({ name: 'b', origin: 'self-managed', group: 'old', kubelet: '1.35' }),
      buildNode({ name: 'c', origin: 'karpenter', kubelet: '1.36' }),
    );
    const made = makeRollbackPlan(planSubject(upgraded({ nodes })));
    expect(made.ok && made.plan.refused.map(({ subject }) => subject)).toEqual([
      'self-managed nodes own',
      'Karpenter nodes',
    ]);
  });

  it.each<[string, ClusterFacts, RegExp]>([
    [
      'eight days after the upgrade',
      { updates: topicOf({ ...arrival, createdAt: '2026-11-13T02:00:00.000Z' }) },
      /open for 7 days, until 2026-11-20T02:00/,
    ],
    [
      'of a cluster that was made at its version',
      { updates: topicOf() },
      /only an upgrade can be taken back/,
    ],
    [
      'while something else is updated',
      { updates: topicOf(arrival, buildUpdate({ id: 'u2', type: 'LoggingUpdate', status: 'Cancelling' })) },
      /the update u2 \(LoggingUpdate\) runs/,
    ],
    [
      'of a cluster at work',
      { cluster: topicOf(buildClusterFact({ version: '1.36', status: 'UPDATING' })) },
      /is UPDATING/,
    ],
    [
      'onto a version in extended support, with the support type STANDARD',
      {
        cluster: topicOf(buildClusterFact({ version: '1.36', supportType: 'STANDARD' })),
        versions: topicOf(...buildCalendar().map((one) => ({ ...one, status: 'extended' as const }))),
      },
      /needs the support type EXTENDED first: aws eks update-cluster-config --name gitlab/,
    ],
    [
      'onto a version that EKS gave up',
      { versions: topicOf(...buildCalendar().map((one) => ({ ...one, status: 'unsupported' as const }))) },
      /no longer supports Kubernetes 1.35/,
    ],
  ])('is refused %s', (_, facts, reason) => {
    expect(makeRollbackPlan(planSubject(upgraded(facts)))).toMatchObject({
      ok: false,
      outcome: 'refused',
      reason: expect.stringMatching(reason),
    });
  });
});
