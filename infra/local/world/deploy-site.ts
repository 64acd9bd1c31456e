import { deployApp } from '../aws/deploy.ts';
import type { LocalAws } from '../aws/start-aws.ts';
import type { Report } from '../report.ts';

/** What it says of the backup capability, where that is on. */
export interface BackupSite {
  readonly machines: {
    readonly backup: string;
    readonly verification: string;
    readonly upkeep: string;
  };
  /** Roles that have an entry in the cluster. */
  readonly clusterRoleArn: string;
  readonly preflightRoleArn: string;
  readonly secretsRoleArn: string;
  readonly restore: RestoreSite | undefined;
  readonly drill: DrillSite | undefined;
}

/** What it says of restores. */
export interface RestoreSite {
  readonly machine: string;
  /** Roles that have an entry in the cluster. */
  readonly planRoleArn: string;
  readonly beginRoleArn: string;
  readonly advanceRoleArn: string;
  readonly secretsRoleArn: string;
}

/** What it says of drills, where an environment has them. */
export interface DrillSite {
  readonly machine: string;
  /** A role that has an entry in the cluster. */
  readonly advanceRoleArn: string;
}

/** What the deployed stack says of itself. */
export interface Site {
  readonly webhookUrl: string;
  readonly ledgerBucket: string;
  /** Encrypts ledger and notifications. */
  readonly keyArn: string;
  readonly topicArn: string;
  readonly eventQueueUrl: string;
  readonly clusterRoleArn: string;
  /** The role that reads the cluster for an upgrade check. */
  readonly upgradeReadRoleArn: string;
  /** The roles that read it for a plan, and while an upgrade goes on. */
  readonly upgradePlanRoleArn: string;
  readonly upgradeAdvanceRoleArn: string;
  readonly machines: {
    readonly deployment: string;
    readonly rollout: string;
    readonly sweep: string;
    readonly control: string;
    readonly upgradeCheck: string;
    readonly clusterCheck: string;
    readonly upgrade: string;
  };
  readonly backup: BackupSite | undefined;
}

/**
 * Deploys the CDK app with this drydock.yaml onto the local AWS.
 *
 * @throws Error when it cannot be deployed, or when its stack lacks an output.
 */
export const deploySite = async (
  aws: LocalAws,
  configuration: string,
  { folder, report }: { readonly folder: string; readonly report: Report },
): Promise<Site> => {
  const outputs = await deployApp({
    aws,
    app: 'node infra/app.ts',
    folder,
    report,
    context: { stage: 'local', configuration },
  });
  const stack = outputs['drydock-local'] ?? {};
  const read = (name: string): string => {
    const value = stack[name];
    if (value === undefined)
      throw new Error(`The stack has no output ${name}; it has ${Object.keys(stack).join(', ')}.`);
    return value;
  };
  return {
    webhookUrl: aws.localUrl(read('DeploymentWebhookUrl')).replace(/\/$/, ''),
    ledgerBucket: read('LedgerBucketName'),
    keyArn: read('KeyArn'),
    topicArn: read('TopicArn'),
    eventQueueUrl: read('DeploymentEventQueueUrl'),
    clusterRoleArn: read('DeploymentClusterRoleArn'),
    upgradeReadRoleArn: read('UpgradeReadRoleArn'),
    upgradePlanRoleArn: read('UpgradePlanRoleArn'),
    upgradeAdvanceRoleArn: read('UpgradeAdvanceRoleArn'),
    machines: {
      deployment: read('DeploymentDeploymentMachineArn'),
      rollout: read('DeploymentRolloutMachineArn'),
      sweep: read('DeploymentSweepMachineArn'),
      control: read('DeploymentControlMachineArn'),
      upgradeCheck: read('UpgradeCheckMachineArn'),
      clusterCheck: read('UpgradeClusterCheckMachineArn'),
      upgrade: read('UpgradeMachineArn'),
    },
    backup: 'BackupMachineArn' in stack ? readBackupSite(read, (name: string) => name in stack) : undefined,
  };
};

const readBackupSite = (read: (name: string) => string, has: (name: string) => boolean): BackupSite => ({
  machines: {
    backup: read('BackupMachineArn'),
    verification: read('BackupVerificationMachineArn'),
    upkeep: read('BackupUpkeepMachineArn'),
  },
  clusterRoleArn: read('BackupClusterRoleArn'),
  preflightRoleArn: read('BackupPreflightRoleArn'),
  secretsRoleArn: read('BackupSecretsRoleArn'),
  restore: has('BackupRestoreMachineArn')
    ? {
        machine: read('BackupRestoreMachineArn'),
        planRoleArn: read('BackupRestorePlanRoleArn'),
        beginRoleArn: read('BackupRestoreBeginRoleArn'),
        advanceRoleArn: read('BackupRestoreAdvanceRoleArn'),
        secretsRoleArn: read('BackupRestoreSecretsRoleArn'),
      }
    : undefined,
  drill: has('BackupDrillMachineArn')
    ? { machine: read('BackupDrillMachineArn'), advanceRoleArn: read('BackupDrillAdvanceRoleArn') }
    : undefined,
});
