import { listBackupAccess } from '../../backup/cluster-access.ts';
import { listPreflightAccess } from '../../backup/preflight-access.ts';
import { listSecretAccess } from '../../backup/secret-access.ts';
import type { AccessAnswer, AccessQuestion } from '../../clients/kubernetes-access.ts';
import { listAccess } from '../../deployment/cluster-access.ts';
import {
  BACKUP_GROUP,
  BACKUP_PREFLIGHT_GROUP,
  BACKUP_SECRETS_GROUP,
  DEPLOYMENT_GROUP,
  UPGRADE_GROUP,
} from '../../records/cluster-group.ts';
import type { UpgradeSettings } from '../../records/configuration/upgrade.ts';
import type { BackupSettings } from '../../records/configuration.ts';
import { listUpgradeAccess } from '../../upgrade/cluster-access.ts';

/** How one capability comes into a cluster, and what it may do there. */
export interface CapabilityAccess {
  /** What the names of its rows end with. */
  readonly suffix: string;
  readonly group: string;
  /** Outputs of the stack that name the roles under which its Lambdas come. */
  readonly roles: readonly string[];
  /** What it must be able to do, and what it must not. */
  readonly rights: readonly (AccessQuestion & { readonly allowed: boolean })[];
  /** Where it works, for the row that passes: `in shop`. */
  readonly place: string;
  /** The command that gives what is lacking. */
  readonly mend: (lacking: readonly AccessAnswer[]) => string;
}

/** A namespace in which no capability has a right, to show that rights end. */
const SYSTEM = ['kube-system'];

/** The deployment capability in the namespaces of its targets. */
export const deploymentAccess = (namespaces: readonly string[]): CapabilityAccess => ({
  suffix: '',
  group: DEPLOYMENT_GROUP,
  roles: ['DeploymentClusterRoleArn'],
  rights: namespaces.flatMap((namespace) => listAccess(namespace, SYSTEM)),
  place: namespaces.join(', '),
  mend: (lacking) => {
    // Of several namespaces each is given, so none is "another" one.
    const lack = lacking.flatMap(({ namespace }) => (namespaces.includes(namespace) ? [namespace] : []));
    const named = [...new Set(lack)].map((one) => `--namespace ${one}`).join(' ');
    return `npm run -s cluster-manifests -- ${named} | kubectl apply -f -`;
  },
});

/** The upgrade capability, which lists in the whole cluster, and Helm's releases where it is told to. */
export const upgradeAccess = ({
  helmNamespaces,
}: Pick<UpgradeSettings, 'helmNamespaces'>): CapabilityAccess => {
  const given = helmNamespaces === 'all' ? [''] : helmNamespaces;
  const helm = (helmNamespaces === 'all' ? ['all'] : helmNamespaces).map((one) => `--helm-namespace ${one}`);
  return {
    suffix: ', upgrade',
    group: UPGRADE_GROUP,
    roles: ['UpgradeReadRoleArn', 'UpgradePlanRoleArn', 'UpgradeAdvanceRoleArn'],
    rights: listUpgradeAccess(given, helmNamespaces === 'all' ? [] : SYSTEM),
    place: 'the whole cluster',
    mend: () =>
      ['npm run -s cluster-manifests -- --capability upgrade', ...helm, '| kubectl apply -f -'].join(' '),
  };
};

/** The command that gives what backups and restores lack in the namespace of a GitLab. */
export const mendBackup =
  ({
    namespace,
    release,
    secrets: { helmValues },
  }: Pick<BackupSettings, 'namespace' | 'release' | 'secrets'>) =>
  (): string => {
    const manifests = `npm run -s cluster-manifests -- --capability backup --namespace ${namespace} --release ${release}`;
    return helmValues
      ? `${manifests} | kubectl apply -f -`
      : `helm get values -o yaml --namespace ${namespace} ${release} | ${manifests} --values - | kubectl apply -f -`;
  };

/** The backup capability, which comes under three identities: one starts, one looks beforehand, one reads secrets. */
export const backupAccesses = (
  settings: Pick<BackupSettings, 'namespace' | 'release' | 'secrets'>,
): CapabilityAccess[] => {
  const { namespace, secrets } = settings;
  const common = { place: namespace, mend: mendBackup(settings) };
  return [
    {
      ...common,
      suffix: ', backup',
      group: BACKUP_GROUP,
      roles: ['BackupClusterRoleArn'],
      rights: listBackupAccess(namespace, SYSTEM),
    },
    {
      ...common,
      suffix: ', backup preflight',
      group: BACKUP_PREFLIGHT_GROUP,
      roles: ['BackupPreflightRoleArn'],
      rights: listPreflightAccess(namespace, SYSTEM),
    },
    { ...common, ...readerAccess(namespace, secrets) },
  ];
};

/** The reader of secrets in one namespace. */
export const readerAccess = (
  namespace: string,
  { helmValues }: Pick<BackupSettings['secrets'], 'helmValues'>,
): Omit<CapabilityAccess, 'place' | 'mend'> => ({
  suffix: ', backup secrets',
  group: BACKUP_SECRETS_GROUP,
  roles: ['BackupSecretsRoleArn'],
  // Which names are granted depends on values that nobody reads here; that no other can be is seen without them.
  rights: listSecretAccess(namespace, SYSTEM, helmValues ? 'listed' : { names: [] }),
});
