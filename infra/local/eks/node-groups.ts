import type { Nodegroup } from '@aws-sdk/client-eks';
import * as z from 'zod';
import { type EksAccount, type EksCluster, type Operation, openCluster } from './account.ts';
import { type Call, EksException, queryPage } from './answer.ts';
import { CALENDAR, minorOf } from './calendar.ts';
import { beginUpdate, findRepeated, findRunning, takeScript } from './update-log.ts';
import { describeUpdate } from './updates.ts';

/**
 * Managed node groups: https://docs.aws.amazon.com/eks/latest/userguide/update-managed-node-group.html
 *
 * UpdateNodegroupVersion takes the cluster's version, or the one before when the group is newer (the way back of
 * https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html, which the API reference calls impossible);
 * refuses a newer one, a launch template that is not the group's, version or release beside an AMI of one's own, and a
 * second update. `force` ends the failures that evictions would be. Left out: creating, deleting, changing settings,
 * and the nodes, which a hook may play.
 */
export const NODE_GROUP_OPERATIONS: readonly Operation[] = [
  {
    name: 'ListNodegroups',
    method: 'GET',
    path: '/clusters/{}/node-groups',
    answer: async (account, call) => {
      const { nodeGroups } = await openCluster(account, call);
      const { shown, nextToken } = queryPage([...nodeGroups.keys()].toSorted(), call, account.pageSize);
      return { nodegroups: shown, nextToken };
    },
  },
  {
    name: 'DescribeNodegroup',
    method: 'GET',
    path: '/clusters/{}/node-groups/{}',
    answer: async (account, call) => {
      const cluster = await openCluster(account, call);
      const group = findGroup(cluster, call);
      const isUpdating = findRunning(cluster.updates, { nodegroupName: group.nodegroupName ?? '' });
      return { nodegroup: { ...group, status: isUpdating ? 'UPDATING' : group.status } };
    },
  },
  {
    name: 'UpdateNodegroupVersion',
    method: 'POST',
    path: '/clusters/{}/node-groups/{}/update-version',
    answer: updateVersion,
  },
];

const UpdateVersion = z.object({
  version: z.string().optional(),
  releaseVersion: z.string().optional(),
  launchTemplate: z
    .object({ id: z.string().optional(), name: z.string().optional(), version: z.string().optional() })
    .optional(),
  force: z.boolean().default(false),
  clientRequestToken: z.string().optional(),
});
type UpdateVersion = Omit<z.output<typeof UpdateVersion>, 'clientRequestToken'>;

async function updateVersion(account: EksAccount, call: Call) {
  const cluster = await openCluster(account, call);
  const group = findGroup(cluster, call);
  const input = UpdateVersion.safeParse(call.body ?? {});
  if (!input.success) throw new EksException('InvalidParameterException', z.prettifyError(input.error));
  const { clientRequestToken, ...request } = input.data;
  const asked = { path: call.path, request };
  const repeated = findRepeated(cluster.updates, clientRequestToken, asked);
  if (repeated) return { update: describeUpdate(repeated) };

  const [name = '', nodegroupName = ''] = call.path;
  const version = request.version ?? cluster.description.version;
  refuse(cluster, group, request, version);
  if (findRunning(cluster.updates, { nodegroupName })) {
    throw new EksException(
      'ResourceInUseException',
      `Nodegroup ${nodegroupName} already has an update in progress.`,
    );
  }
  const releaseVersion = request.releaseVersion ?? releaseOf(version);
  const moved = {
    ...(group.amiType === 'CUSTOM' ? {} : { version, releaseVersion }),
    ...(request.launchTemplate
      ? { launchTemplate: { ...group.launchTemplate, ...request.launchTemplate } }
      : {}),
  };
  const script = takeScript(account.scripts, {
    cluster: name,
    type: 'VersionUpdate',
    about: `nodegroup/${nodegroupName}`,
  });
  const errors = script?.errors?.filter(
    ({ errorCode }) => !(request.force && errorCode === 'PodEvictionFailure'),
  );
  const update = beginUpdate(cluster.updates, {
    nodegroupName,
    type: 'VersionUpdate',
    params:
      group.amiType === 'CUSTOM'
        ? [{ type: 'LaunchTemplateVersion', value: request.launchTemplate?.version ?? '' }]
        : [
            { type: 'Version', value: version },
            { type: 'ReleaseVersion', value: releaseVersion },
          ],
    token: clientRequestToken,
    request: asked,
    now: account.now(),
    seconds: script?.seconds ?? account.updateSeconds,
    script: script && { ...script, errors: errors ?? [] },
    finish: async () => {
      const failures = await account.hooks.onNodeGroupUpdated?.({
        cluster: name,
        nodeGroup: nodegroupName,
        version,
      });
      if (failures?.length) return failures;
      cluster.nodeGroups.set(nodegroupName, { ...group, ...moved, modifiedAt: account.now() });
      return [];
    },
  });
  return { update: describeUpdate(update) };
}

const refuse = (
  { description }: EksCluster,
  group: Nodegroup,
  request: UpdateVersion,
  version: string,
): void => {
  const because = (message: string): never => {
    throw new EksException('InvalidParameterException', message);
  };
  if (group.amiType === 'CUSTOM' && (request.version || request.releaseVersion)) {
    because('You cannot specify a version or releaseVersion for a node group with a custom AMI.');
  }
  const { launchTemplate: template } = request;
  const own = group.launchTemplate;
  if (template && !own) because('The node group was not created with a launch template.');
  if (template && own && (template.id ?? own.id) !== own.id) {
    because('You cannot change the launch template of a node group, only its version.');
  }
  if (template && own && (template.name ?? own.name) !== own.name) {
    because('You cannot change the launch template of a node group, only its version.');
  }
  const [wanted, control, current] = [version, description.version, group.version ?? version].map(minorOf);
  if (wanted === undefined || control === undefined || current === undefined || Number.isNaN(wanted)) {
    return because(`Unsupported Kubernetes version ${version}.`);
  }
  if (wanted > control) {
    because(`Nodegroup version ${version} is newer than the version ${description.version} of the cluster.`);
  }
  if (wanted < current - 1) because(`A node group goes back one minor version at most, not to ${version}.`);
  if (description.status !== 'ACTIVE') {
    throw new EksException('InvalidRequestException', `Cluster ${description.name} is not ACTIVE.`);
  }
};

const findGroup = ({ nodeGroups }: EksCluster, { path: [, name = ''] }: Call): Nodegroup => {
  const group = nodeGroups.get(name);
  if (group) return group;
  throw new EksException('ResourceNotFoundException', `No node group found for name: ${name}.`);
};

/** The newest AMI release of a minor, as EKS names them: patch version and day. */
export const releaseOf = (version: string): string => {
  const patch = CALENDAR.find((entry) => entry.version === version)?.patch ?? `${version}.0`;
  return `${patch}-20261113`;
};
