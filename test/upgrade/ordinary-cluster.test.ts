import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../functions/upgrade/checks/registry.ts';
import { COLLECTORS } from '../../functions/upgrade/collectors/registry.ts';
import { collectAll } from '../../functions/upgrade/reading/collect-all.ts';
import { composeReport } from '../../functions/upgrade/report/compose-report.ts';
import { fakeKubernetesReader } from '../support/fake-kubernetes-reader.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { ORDINARY_OBJECTS, ORDINARY_SERVED } from '../support/ordinary-cluster.ts';
import { CHECK_TIME, CLUSTER, healthyCluster, REGION } from '../support/upgrade-facts.ts';

/** Who cries wolf is not heard: the whole way from the API's answers to the report, with the settings of everybody. */
const checkOrdinary = async () => {
  const sources = {
    kubernetes: fakeKubernetesReader({ objects: ORDINARY_OBJECTS, served: ORDINARY_SERVED }),
    clock: createFixedClock(CHECK_TIME.toISOString()),
  };
  const task = { cluster: CLUSTER, current: '1.35', target: '1.36', settings: { helmNamespaces: [] } };
  const facts = await collectAll(COLLECTORS, sources, task, new AbortController().signal);
  const { cluster, versions, insights, addons, nodeGroups, fargate, subnets, quotas, identities, updates } =
    healthyCluster();
  const aws = {
    cluster,
    versions,
    insights,
    addons,
    nodeGroups,
    fargate,
    subnets,
    quotas,
    identities,
    updates,
  };
  return composeReport(
    { ...facts, ...aws },
    {
      cluster: CLUSTER,
      region: REGION,
      environments: [],
      current: '1.35',
      target: '1.36',
      now: CHECK_TIME,
      ignore: [],
      surchargePerHour: 0.5,
      checks: CHECKS,
    },
  );
};

describe('an ordinary cluster with nothing wrong', () => {
  it('is blocked by nothing', async () => {
    const { findings } = await checkOrdinary();
    expect(findings.filter(({ result }) => result === 'block')).toEqual([]);
  });

  it('leaves one thing unchecked: Helm releases, which nobody has opened', async () => {
    const { findings, verdict } = await checkOrdinary();
    const unchecked = findings.filter(({ result }) => result === 'not-checked');
    expect(unchecked.map(({ subject }) => subject)).toEqual(['Helm releases']);
    expect(verdict).toBe('not-checked');
  });

  it('is warned of what is so: add-ons that EKS does not manage, and a budget that its operator has to mind', async () => {
    const { findings } = await checkOrdinary();
    const warned = findings.filter(({ result }) => result === 'warn');
    expect(warned.map(({ check, subject }) => `${check}: ${subject}`)).toEqual([
      'self-managed-addons: self-managed coredns',
      'self-managed-addons: self-managed kube-proxy',
      'disruption-budgets: PodDisruptionBudget db/pg-primary',
    ]);
  });
});
