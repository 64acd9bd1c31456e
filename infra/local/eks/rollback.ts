import type { EksAccount, EksCluster } from './account.ts';
import { EksException } from './answer.ts';
import { minorOf } from './calendar.ts';
import { listVersions } from './versions.ts';

/** https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html, "Prerequisites" */
const WINDOW_MS = 7 * 24 * 3_600_000;

/**
 * May this cluster go back to that version? Within 7 days of the end of an upgrade in place; an extended version needs
 * the policy EXTENDED; nodes that are newer than the version may not stay; ERROR insights of rollback readiness stop
 * it, and those alone are what `force` passes over. Left out: features that only the newer version has.
 *
 * @throws EksException
 */
export const judgeRollback = (
  account: EksAccount,
  cluster: EksCluster,
  { version, force }: { readonly version: string; readonly force: boolean },
): void => {
  const { upgrade, description, insights } = cluster;
  if (upgrade?.from !== version) {
    refuse(
      `Cluster ${description.name} was not upgraded from ${version}, so it cannot be rolled back to it.`,
    );
  } else if (account.now().getTime() - upgrade.endedAt.getTime() > WINDOW_MS) {
    refuse(`Cluster ${description.name} was upgraded more than 7 days ago, so it cannot be rolled back.`);
  }
  const status = listVersions(account).find(
    ({ clusterVersion }) => clusterVersion === version,
  )?.versionStatus;
  if (status === 'EXTENDED_SUPPORT' && description.upgradePolicy?.supportType !== 'EXTENDED') {
    refuse(
      `Version ${version} is in extended support; set the upgrade policy of the cluster to EXTENDED first.`,
    );
  }
  if (force) return;
  const newer = [...cluster.nodeGroups.values()].filter(
    (group) => minorOf(group.version ?? version) > minorOf(version),
  );
  const errors = insights.filter(
    ({ category, insightStatus }) => category === 'ROLLBACK_READINESS' && insightStatus?.status === 'ERROR',
  );
  const reasons = [
    ...newer.map(({ nodegroupName, version: is }) => `node group ${nodegroupName} runs ${is}`),
    ...errors.map(({ name }) => name ?? ''),
  ];
  if (reasons.length === 0) return;
  throw new EksException('InvalidStateException', `Rollback readiness checks failed: ${reasons.join('; ')}.`);
};

const refuse = (message: string): never => {
  throw new EksException('InvalidRequestException', message);
};
