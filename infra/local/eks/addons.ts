import type { Addon, AddonInfo } from '@aws-sdk/client-eks';
import * as z from 'zod';
import { type EksAccount, type EksCluster, type Operation, openCluster } from './account.ts';
import { isCompatible } from './addon-catalogue.ts';
import { type Call, EksException, queryPage } from './answer.ts';
import { beginUpdate, findRepeated, findRunning, takeScript } from './update-log.ts';
import { describeUpdate } from './updates.ts';

/**
 * Add-ons: https://docs.aws.amazon.com/eks/latest/userguide/managing-add-ons.html
 *
 * UpdateAddon refuses a version that the catalogue does not offer for the cluster's minor, and a second update of the
 * same add-on. What a request leaves out stays as it is; an empty list of pod identity associations deletes them.
 * Left out: creating and deleting, and what the add-on does in the cluster, which a hook may play.
 */
export const ADDON_OPERATIONS: readonly Operation[] = [
  {
    name: 'ListAddons',
    method: 'GET',
    path: '/clusters/{}/addons',
    answer: async (account, call) => {
      const { addons } = await openCluster(account, call);
      const { shown, nextToken } = queryPage([...addons.keys()].toSorted(), call, account.pageSize);
      return { addons: shown, nextToken };
    },
  },
  {
    name: 'DescribeAddon',
    method: 'GET',
    path: '/clusters/{}/addons/{}',
    answer: async (account, call) => {
      const cluster = await openCluster(account, call);
      const addon = findAddon(cluster, call);
      const isUpdating = findRunning(cluster.updates, { addonName: addon.addonName ?? '' }) !== undefined;
      return { addon: { ...addon, status: isUpdating ? 'UPDATING' : addon.status } };
    },
  },
  {
    name: 'UpdateAddon',
    method: 'POST',
    path: '/clusters/{}/addons/{}/update',
    answer: updateAddon,
  },
  {
    name: 'DescribeAddonVersions',
    method: 'GET',
    path: '/addons/supported-versions',
    answer: (account, call) => {
      const { query } = call;
      const minor = query.get('kubernetesVersion');
      const fitting = account.addonCatalogue
        .filter(({ addonName }) => (query.get('addonName') ?? addonName) === addonName)
        .filter((addon) => isNamed(query, 'types', addon.type))
        .filter((addon) => isNamed(query, 'publishers', addon.publisher))
        .filter((addon) => isNamed(query, 'owners', addon.owner))
        .map((addon) => (minor === null ? addon : narrow(addon, minor)))
        .filter(({ addonVersions }) => addonVersions?.length);
      const { shown, nextToken } = queryPage(fitting, call, account.pageSize);
      return { addons: shown, nextToken };
    },
  },
];

const UpdateAddon = z.object({
  addonVersion: z.string().optional(),
  resolveConflicts: z.enum(['NONE', 'OVERWRITE', 'PRESERVE']).optional(),
  configurationValues: z.string().optional(),
  serviceAccountRoleArn: z.string().optional(),
  podIdentityAssociations: z.array(z.object({ serviceAccount: z.string(), roleArn: z.string() })).optional(),
  clientRequestToken: z.string().optional(),
});

async function updateAddon(account: EksAccount, call: Call) {
  const cluster = await openCluster(account, call);
  const addon = findAddon(cluster, call);
  const input = UpdateAddon.safeParse(call.body ?? {});
  if (!input.success) throw new EksException('InvalidParameterException', z.prettifyError(input.error));
  const { clientRequestToken, ...request } = input.data;
  const asked = { path: call.path, request };
  const repeated = findRepeated(cluster.updates, clientRequestToken, asked);
  if (repeated) return { update: describeUpdate(repeated) };

  const [name = '', addonName = ''] = call.path;
  const version = request.addonVersion ?? addon.addonVersion ?? '';
  if (!isCompatible(account.addonCatalogue, addonName, version, cluster.description.version)) {
    throw new EksException(
      'InvalidParameterException',
      `Addon version specified is not supported: ${version}`,
    );
  }
  if (findRunning(cluster.updates, { addonName })) {
    throw new EksException('ResourceInUseException', `Addon ${addonName} already has an update in progress.`);
  }
  const script = takeScript(account.scripts, {
    cluster: name,
    type: 'AddonUpdate',
    about: `addon/${addonName}`,
  });
  const update = beginUpdate(cluster.updates, {
    addonName,
    type: 'AddonUpdate',
    params: [
      { type: 'AddonVersion', value: version },
      ...(request.resolveConflicts
        ? [{ type: 'ResolveConflicts' as const, value: request.resolveConflicts }]
        : []),
      ...(request.configurationValues === undefined
        ? []
        : [{ type: 'ConfigurationValues' as const, value: request.configurationValues }]),
    ],
    token: clientRequestToken,
    request: asked,
    now: account.now(),
    seconds: script?.seconds ?? account.updateSeconds,
    script,
    finish: async () => {
      const errors = await account.hooks.onAddonUpdated?.({ cluster: name, addon: addonName, version });
      if (errors?.length) return errors;
      cluster.addons.set(addonName, {
        ...addon,
        ...change(request),
        addonVersion: version,
        status: 'ACTIVE',
      });
      return [];
    },
    onFailed: (errors) => {
      const issues = errors.map(({ errorCode, errorMessage, resourceIds }) => ({
        code:
          errorCode === 'ConfigurationConflict'
            ? ('ConfigurationConflict' as const)
            : ('InternalFailure' as const),
        message: errorMessage,
        resourceIds,
      }));
      cluster.addons.set(addonName, { ...addon, status: 'UPDATE_FAILED', health: { issues } });
    },
  });
  return { update: describeUpdate(update) };
}

const change = (request: Partial<z.output<typeof UpdateAddon>>): Partial<Addon> => {
  const { configurationValues, serviceAccountRoleArn, podIdentityAssociations } = request;
  return {
    ...(configurationValues === undefined ? {} : { configurationValues }),
    ...(serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn }),
    ...(podIdentityAssociations === undefined
      ? {}
      : { podIdentityAssociations: podIdentityAssociations.map(({ roleArn }) => roleArn) }),
  };
};

const findAddon = ({ addons }: EksCluster, { path: [cluster, name = ''] }: Call): Addon => {
  const addon = addons.get(name);
  if (addon) return addon;
  throw new EksException('ResourceNotFoundException', `No addon: ${name} found in cluster: ${cluster}.`);
};

const isNamed = (query: URLSearchParams, key: string, value: string | undefined): boolean =>
  !query.has(key) || (value !== undefined && query.getAll(key).includes(value));

/** With a Kubernetes version, only what works with it is told, and only that it does. */
const narrow = (addon: AddonInfo, minor: string): AddonInfo => ({
  ...addon,
  addonVersions: (addon.addonVersions ?? []).flatMap((version) => {
    const compatibilities = version.compatibilities?.filter(({ clusterVersion }) => clusterVersion === minor);
    return compatibilities?.length ? [{ ...version, compatibilities }] : [];
  }),
});
