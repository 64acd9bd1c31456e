import type { AddonFact } from '../../functions/records/upgrade/aws-facts.ts';
import type { ClusterFacts } from '../../functions/records/upgrade/facts.ts';
import type { PlanSubject } from '../../functions/upgrade/plan/plan-subject.ts';
import { buildNode, CHECK_TIME, healthyCluster, topicOf } from './upgrade-facts.ts';

/** A cluster of managed nodes only; a plan of it has nothing that has to be watched. */
export const managedCluster = (overrides: ClusterFacts = {}): ClusterFacts =>
  healthyCluster({ nodes: topicOf(buildNode()), fargate: topicOf(), addons: topicOf(), ...overrides });

export const planSubject = (
  facts: ClusterFacts = managedCluster(),
  settings: Partial<PlanSubject['settings']> = {},
): PlanSubject => ({
  facts,
  settings: { owner: 'drydock', bakeHours: 24, addonConflicts: 'PRESERVE', ...settings },
  environment: 'production',
  now: CHECK_TIME,
});

/** An add-on by a table of what it offers: version, the minors it runs with, and those it is the default of. */
export const offering = (
  name: string,
  version: string,
  offered: readonly (readonly [version: string, clusters: string, defaultFor?: string])[],
): AddonFact => ({
  name,
  version,
  status: 'ACTIVE',
  issues: [],
  offered: offered.map(([one, clusters, defaultFor = '']) => ({
    version: one,
    clusters: clusters.split(' '),
    defaultFor: defaultFor === '' ? [] : defaultFor.split(' '),
  })),
});

/** kube-proxy as EKS offers it. */
export const kubeProxy = (version = 'v1.35.2-eksbuild.4'): AddonFact =>
  offering('kube-proxy', version, [
    ['v1.37.0-eksbuild.1', '1.37', '1.37'],
    ['v1.36.1-eksbuild.2', '1.36 1.37', '1.36'],
    ['v1.35.2-eksbuild.4', '1.35 1.36', '1.35'],
    ['v1.34.3-eksbuild.1', '1.34 1.35', '1.34'],
  ]);
