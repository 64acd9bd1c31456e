import type { Addon, Insight, InsightStatusValue } from '@aws-sdk/client-eks';
import type { EksAccount, EksCluster } from './account.ts';
import { isCompatible } from './addon-catalogue.ts';
import { minorOf } from './calendar.ts';
import { idOf } from './sample-insights.ts';

/** https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html, "Prerequisites" */
export const ROLLBACK_WINDOW_MS = 7 * 24 * 3_600_000;

/**
 * What EKS finds out about the way back of a cluster that was upgraded in the last 7 days: kubelets, kube-proxy and
 * managed add-ons that could not stay with the version before. "Rollback readiness checks" of
 * https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html names them, with these words. Left out: API
 * use, cluster health, the checks of Auto Mode, kubelets of nodes outside node groups.
 */
export const judgeReadiness = (account: EksAccount, cluster: EksCluster): Insight[] => {
  const { upgrade } = cluster;
  const now = account.now();
  if (!upgrade || now.getTime() - upgrade.endedAt.getTime() > ROLLBACK_WINDOW_MS) return [];
  const { from } = upgrade;
  const isNewer = (version = from): boolean => minorOf(version) > minorOf(from);
  const groups = [...cluster.nodeGroups.values()].filter(({ version }) => isNewer(version));
  const addons = [...cluster.addons.values()];
  const proxies = addons.filter(
    ({ addonName, addonVersion = '' }) => addonName === 'kube-proxy' && isNewer(addonVersion.slice(1)),
  );
  const strange = addons.filter(
    ({ addonName = '', addonVersion = '' }) =>
      !isCompatible(account.addonCatalogue, addonName, addonVersion, from),
  );
  const named = (list: readonly Addon[]): string[] =>
    list.map(({ addonName, addonVersion }) => `${addonName} ${addonVersion}`);
  return [
    describe(
      'Kubelet version skew',
      groups.map((group) => `node group ${group.nodegroupName} runs ${group.version}`),
    ),
    describe('kube-proxy version skew', named(proxies)),
    describe('EKS add-on version compatibility', named(strange)),
  ].map((insight) => ({
    ...insight,
    kubernetesVersion: from,
    lastRefreshTime: now,
    lastTransitionTime: now,
  }));
};

const describe = (name: string, problems: readonly string[]): Insight => {
  const status: InsightStatusValue = problems.length > 0 ? 'ERROR' : 'PASSING';
  return {
    id: idOf(`rollback: ${name}`),
    name,
    category: 'ROLLBACK_READINESS',
    description: `Checks before a rollback: ${name}.`,
    insightStatus: { status, reason: problems.length > 0 ? `${problems.join('; ')}.` : 'No issue detected.' },
    recommendation: 'Bring it to a version that the previous Kubernetes version works with.',
    additionalInfo: {},
    resources: [],
    categorySpecificSummary: { deprecationDetails: [], addonCompatibilityDetails: [] },
  };
};
