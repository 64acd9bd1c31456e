import { listBackupAccess } from '../../functions/backup/cluster-access.ts';
import { listDrillAccess } from '../../functions/backup/drill-access.ts';
import { listPreflightAccess } from '../../functions/backup/preflight-access.ts';
import { listRestoreAccess, listRestorePlanAccess } from '../../functions/backup/restore-access.ts';
import { listRestoreSecretAccess } from '../../functions/backup/restore-secret-access.ts';
import { listSecretAccess } from '../../functions/backup/secret-access.ts';
import type { AccessQuestion } from '../../functions/clients/kubernetes-access.ts';
import type { TopicState } from '../../functions/clients/site-inspection.ts';
import type { ClusterInspection, Instruments } from '../../functions/commands/doctor/subject.ts';
import { listAccess } from '../../functions/deployment/cluster-access.ts';
import {
  BACKUP_GROUP,
  BACKUP_PREFLIGHT_GROUP,
  BACKUP_SECRETS_GROUP,
  DEPLOYMENT_GROUP,
  DRILL_GROUP,
  RESTORE_GROUP,
  RESTORE_PLAN_GROUP,
  RESTORE_SECRETS_GROUP,
  UPGRADE_GROUP,
} from '../../functions/records/cluster-group.ts';
import type { Workload } from '../../functions/records/workload.ts';
import type { AccessRow } from '../../functions/rules/access-row.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { listUpgradeAccess } from '../../functions/upgrade/cluster-access.ts';
import { buildWorkload } from './workload-builders.ts';

/** A world in which a run of Drydock finds everything; each test breaks one thing of it. */
export interface HealthyWorld {
  account: string;
  outputs: Record<string, string> | undefined;
  topic: TopicState | undefined;
  hasBucket: boolean;
  identityFault: Error | undefined;
  useKey: () => Promise<void>;
  clusterStatus: string;
  groups: string[] | undefined;
  /** Hosts at which nobody answers, and why. */
  readonly silent: Map<string, TransientError>;
  mayDo: (question: AccessQuestion, group: string) => boolean;
  workload: Workload | undefined;
  readonly secrets: Map<string, string>;
  readSecret: (reference: string) => Promise<string>;
  tags: () => AsyncIterable<string>;
  doorStatus: number;
  /** Everything that was asked, as `kind of call: argument`. */
  readonly asked: string[];
}

export const ROLE = 'arn:aws:iam::123456789012:role/drydock-main-ClusterRole';
export const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:drydock-main';

/** Of a GitLab, and of that beside it. */
const PLACES = ['gitlab', 'gitlab-drill'];

const SHIPPED: Readonly<Record<string, readonly AccessRow[]>> = {
  [DEPLOYMENT_GROUP]: listAccess('shop', ['kube-system']),
  [UPGRADE_GROUP]: listUpgradeAccess([], []),
  [BACKUP_GROUP]: listBackupAccess('gitlab', []),
  [BACKUP_PREFLIGHT_GROUP]: listPreflightAccess('gitlab', []),
  [BACKUP_SECRETS_GROUP]: PLACES.flatMap((place) => listSecretAccess(place, [])),
  [RESTORE_PLAN_GROUP]: PLACES.flatMap((place) => listRestorePlanAccess(place, [])),
  [RESTORE_GROUP]: PLACES.flatMap((place) => listRestoreAccess(place, [])),
  [RESTORE_SECRETS_GROUP]: PLACES.flatMap((place) => listRestoreSecretAccess(place, [], ['rails-secret'])),
  [DRILL_GROUP]: listDrillAccess('gitlab-drill', []),
};

/** Is this right one of those that the manifests we ship give, in `shop`, in both GitLabs, and to read the whole cluster? */
export const isShipped = (question: AccessQuestion, asked: string): boolean =>
  (SHIPPED[asked] ?? []).some(
    ({ verb, resource, group, name, namespace, allowed }) =>
      allowed &&
      verb === question.verb &&
      resource === question.resource &&
      group === question.group &&
      (name === undefined || name === question.name) &&
      namespace === question.namespace,
  );

export const createHealthyWorld = (): HealthyWorld => ({
  account: '123456789012',
  outputs: {
    TopicArn: TOPIC,
    LedgerBucketName: 'ledger',
    KeyArn: 'key-1',
    DeploymentClusterRoleArn: ROLE,
    UpgradeReadRoleArn: `${ROLE}-read`,
    UpgradePlanRoleArn: `${ROLE}-plan`,
    UpgradeAdvanceRoleArn: `${ROLE}-advance`,
    BackupClusterRoleArn: `${ROLE}-backup`,
    BackupPreflightRoleArn: `${ROLE}-preflight`,
    BackupSecretsRoleArn: `${ROLE}-secrets`,
    BackupRestorePlanRoleArn: `${ROLE}-restore-plan`,
    BackupRestoreBeginRoleArn: `${ROLE}-restore-begin`,
    BackupRestoreAdvanceRoleArn: `${ROLE}-restore`,
    BackupRestoreSecretsRoleArn: `${ROLE}-restore-secrets`,
    BackupDrillAdvanceRoleArn: `${ROLE}-drill`,
    DeploymentWebhookUrl: 'https://hooks.example.com',
  },
  topic: { confirmed: 1, pending: 0 },
  hasBucket: true,
  identityFault: undefined,
  useKey: async () => undefined,
  clusterStatus: 'ACTIVE',
  groups: Object.keys(SHIPPED),
  silent: new Map(),
  mayDo: isShipped,
  workload: buildWorkload(),
  secrets: new Map([
    ['drydock/registry', JSON.stringify({ username: 'robot', password: 'registry-password' })],
    ['drydock/hook', 'a-long-enough-hook-secret'],
  ]),
  readSecret: async () => '',
  async *tags() {
    yield '1.0.0';
  },
  doorStatus: 401,
  asked: [],
});

/** Instruments that read a world in memory. */
export const openInstruments = (world: HealthyWorld): Instruments => ({
  inspectSite: (region) => ({
    readIdentity: async () => {
      world.asked.push(`identity: ${region}`);
      if (world.identityFault) throw world.identityFault;
      return { account: world.account, arn: `arn:aws:iam::${world.account}:user/ada` };
    },
    readStackOutputs: async (stack) => {
      world.asked.push(`stack: ${stack}`);
      return world.outputs;
    },
    readTopic: async () => world.topic,
    hasBucket: async () => world.hasBucket,
    useKey: () => world.useKey(),
    readAccessGroups: async () => world.groups,
  }),
  describeCluster: async (cluster) => ({
    endpoint: `https://${cluster}.eks.example.com`,
    certificateAuthority: Buffer.from('PEM').toString('base64'),
    version: '1.36',
    status: world.clusterStatus,
  }),
  connectKubernetes: async (): Promise<ClusterInspection> => ({
    readWorkload: async () => world.workload,
    reviewAccess: async (questions, { groups }) => {
      world.asked.push(`rights of: ${groups.join(' ')}`);
      return questions.map((question) => ({
        ...question,
        allowed: world.mayDo(question, groups[0] ?? ''),
        reason: '',
      }));
    },
  }),
  readSecret: async (reference) => world.secrets.get(reference) ?? world.readSecret(reference),
  connectRegistry: () => ({ listTags: () => world.tags() }),
  probeEndpoint: async ({ host }) => {
    const silence = world.silent.get(host);
    if (silence) throw silence;
    return '192.0.2.1';
  },
  knock: async () => world.doorStatus,
});

export const silence = (code: string): TransientError => new TransientError(code, 'Nobody answers.');
