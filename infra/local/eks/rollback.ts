import type { EksAccount, EksCluster } from './account.ts';
import { EksException } from './answer.ts';
import { judgeReadiness, ROLLBACK_WINDOW_MS } from './rollback-insights.ts';
import { listVersions } from './versions.ts';

/**
 * May this cluster go back to that version? Within 7 days of the end of an upgrade in place; an extended version needs
 * the policy EXTENDED; insights of rollback readiness are looked at anew, and an ERROR or UNKNOWN stops it: those alone
 * are what `force` passes over. Left out: features that only the newer version has.
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
  } else if (account.now().getTime() - upgrade.endedAt.getTime() > ROLLBACK_WINDOW_MS) {
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
  cluster.readiness = judgeReadiness(account, cluster);
  const reasons = [...insights, ...cluster.readiness].flatMap(({ category, name = '', insightStatus }) => {
    const blocks = insightStatus?.status === 'ERROR' || insightStatus?.status === 'UNKNOWN';
    return category === 'ROLLBACK_READINESS' && blocks ? [`${name} (${insightStatus.reason ?? ''})`] : [];
  });
  if (reasons.length === 0) return;
  throw new EksException('InvalidStateException', `Rollback readiness checks failed: ${reasons.join('; ')}.`);
};

const refuse = (message: string): never => {
  throw new EksException('InvalidRequestException', message);
};
