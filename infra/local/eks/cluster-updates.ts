import type { UpdateParam, UpdateType } from '@aws-sdk/client-eks';
import * as z from 'zod';
import { type EksAccount, type EksCluster, type Operation, openCluster } from './account.ts';
import { EksException } from './answer.ts';
import { minorOf, platformVersionOf } from './calendar.ts';
import { judgeRollback } from './rollback.ts';
import { judgeReadiness } from './rollback-insights.ts';
import { beginUpdate, findRepeated, findRunning, takeScript } from './update-log.ts';
import { describeUpdate } from './updates.ts';
import { isSupported } from './versions.ts';

/**
 * Changes of the control plane: https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html
 *
 * UpdateClusterVersion goes one minor up, or one down as rollback.ts allows; one update at a time. UpdateClusterConfig
 * knows the upgrade policy. As on EKS today, insights do not stop an upgrade (a fault can). Left out: every other
 * setting, and the move that EKS makes by itself after the end of support.
 */
export const CLUSTER_UPDATE_OPERATIONS: readonly Operation[] = [
  {
    name: 'UpdateClusterVersion',
    method: 'POST',
    path: '/clusters/{}/updates',
    answer: async (account, call) => {
      const cluster = await openCluster(account, call);
      const input = UpdateClusterVersion.safeParse(call.body);
      if (!input.success) throw new EksException('InvalidParameterException', z.prettifyError(input.error));
      const { clientRequestToken, ...request } = input.data;
      return begin(account, cluster, clientRequestToken, request, () =>
        planVersion(account, cluster, request),
      );
    },
  },
  {
    name: 'UpdateClusterConfig',
    method: 'POST',
    path: '/clusters/{}/update-config',
    answer: async (account, call) => {
      const cluster = await openCluster(account, call);
      const input = UpdateClusterConfig.safeParse(call.body);
      if (!input.success) throw new EksException('InvalidParameterException', z.prettifyError(input.error));
      const { clientRequestToken, upgradePolicy } = input.data;
      return begin(account, cluster, clientRequestToken, { upgradePolicy }, () => ({
        type: 'UpgradePolicyUpdate',
        params: [{ type: 'UpgradePolicy', value: upgradePolicy.supportType }],
        seconds: account.updateSeconds,
        apply: () => {
          cluster.description = { ...cluster.description, upgradePolicy };
        },
      }));
    },
  },
];

const UpdateClusterVersion = z.object({
  version: z.string().regex(/^1\.\d{1,3}$/),
  force: z.boolean().default(false),
  rollbackConfig: z.object({ timeoutMinutes: z.int().min(120).max(10_080).default(720) }).optional(),
  clientRequestToken: z.string().optional(),
});

const UpdateClusterConfig = z.object({
  upgradePolicy: z.object({ supportType: z.enum(['STANDARD', 'EXTENDED']) }),
  clientRequestToken: z.string().optional(),
});

interface Plan {
  readonly type: UpdateType;
  readonly params: readonly UpdateParam[];
  readonly seconds: number;
  /** Of a rollback of EKS Auto Mode: at most this long for its nodes. */
  readonly nodeTimeoutSeconds?: number;
  readonly apply: () => void;
}

/** The order of the refusals: a repeat is no new update, one under way goes before what is asked. */
const begin = (
  account: EksAccount,
  cluster: EksCluster,
  token: string | undefined,
  request: unknown,
  plan: () => Plan,
) => {
  const repeated = findRepeated(cluster.updates, token, request);
  if (repeated) return { update: describeUpdate(repeated) };
  const { name } = cluster.description;
  const running = findRunning(cluster.updates);
  if (running) {
    throw new EksException(
      'ResourceInUseException',
      `Cannot update because cluster ${name} currently has update ${running.id} in progress.`,
    );
  }
  if (cluster.description.status !== 'ACTIVE') {
    throw new EksException(
      'InvalidRequestException',
      `Cannot update because cluster ${name} is ${cluster.description.status}.`,
    );
  }
  const { type, params, apply, seconds, nodeTimeoutSeconds } = plan();
  const script = takeScript(account.scripts, { cluster: name, type, about: 'cluster' });
  const length = script?.seconds ?? seconds;
  const isTooSlow = nodeTimeoutSeconds !== undefined && length > nodeTimeoutSeconds;
  const update = beginUpdate(cluster.updates, {
    type,
    params,
    token,
    request,
    now: account.now(),
    seconds: isTooSlow ? nodeTimeoutSeconds : length,
    ...(nodeTimeoutSeconds === undefined ? {} : { nodeSeconds: isTooSlow ? nodeTimeoutSeconds : length / 2 }),
    script,
    finish: async () => {
      if (isTooSlow) {
        return [
          {
            errorCode: 'Unknown',
            errorMessage: 'The nodes of EKS Auto Mode did not roll back within the timeout.',
            resourceIds: [],
          },
        ];
      }
      apply();
      return [];
    },
  });
  return { update: describeUpdate(update) };
};

const planVersion = (
  account: EksAccount,
  cluster: EksCluster,
  request: Omit<z.output<typeof UpdateClusterVersion>, 'clientRequestToken'>,
): Plan => {
  const { version: current, computeConfig, platformVersion } = cluster.description;
  const { version } = request;
  const steps = minorOf(version) - minorOf(current);
  if (Math.abs(steps) !== 1 || !isSupported(account, version)) {
    throw new EksException(
      'InvalidParameterException',
      `Unsupported Kubernetes minor version update from ${current} to ${version}.`,
    );
  }
  const isRollback = steps < 0;
  if (isRollback) judgeRollback(account, cluster, request);
  return {
    type: isRollback ? 'VersionRollback' : 'VersionUpdate',
    params: [
      { type: 'Version', value: version },
      { type: 'PlatformVersion', value: platformVersionOf(version) ?? platformVersion },
    ],
    seconds: account.updateSeconds,
    ...(isRollback && computeConfig?.enabled
      ? { nodeTimeoutSeconds: (request.rollbackConfig?.timeoutMinutes ?? 720) * 60 }
      : {}),
    apply: () => {
      cluster.description = {
        ...cluster.description,
        version,
        platformVersion: platformVersionOf(version),
      };
      if (isRollback) delete cluster.upgrade;
      else cluster.upgrade = { from: current, endedAt: account.now() };
      cluster.readiness = judgeReadiness(account, cluster);
    },
  };
};
