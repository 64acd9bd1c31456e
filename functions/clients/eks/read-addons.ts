import {
  type AddonVersionInfo,
  DescribeAddonCommand,
  paginateDescribeAddonVersions,
  paginateListAddons,
} from '@aws-sdk/client-eks';
import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { AddonFact } from '../../records/upgrade/aws-facts.ts';
import { mapBounded } from '../bounded.ts';
import { CALL_WIDTH, callEks, collectPages, unlessGone } from './eks-call.ts';
import { normaliseAddon } from './normalise-addon.ts';

/**
 * Managed add-ons: ListAddons, DescribeAddon of each, and DescribeAddonVersions by its name, which gives its versions
 * for every Kubernetes version in one go; asking by version would bring the whole marketplace each time.
 */
export const readAddons = async (
  region: string,
  clusterName: string,
  minors: readonly KubernetesMinor[],
  signal?: AbortSignal,
): Promise<AddonFact[]> => {
  const question = { operation: 'ListAddons', cluster: clusterName, region };
  const names = await callEks(question, signal, ({ client, options }) =>
    collectPages(paginateListAddons({ client }, { clusterName }, options), ({ addons }) => addons),
  );
  const facts = await mapBounded(names, CALL_WIDTH, async (addonName) => {
    const about = `add-on ${addonName}`;
    const describe = { operation: 'DescribeAddon', cluster: clusterName, about, region };
    const addon = await unlessGone(
      callEks(describe, signal, async ({ client, options }) => {
        const answer = await client.send(new DescribeAddonCommand({ clusterName, addonName }), options);
        return answer.addon;
      }),
    );
    // Somebody removed it between the list and now.
    if (!addon) return undefined;
    const versions = minors.length === 0 ? [] : await readAddonVersions(region, addonName, signal);
    return normaliseAddon(addonName, addon, versions, minors);
  });
  return facts.flatMap((fact) => fact ?? []);
};

/** Empty when EKS no longer offers this add-on at all. */
const readAddonVersions = async (
  region: string,
  addonName: string,
  signal: AbortSignal | undefined,
): Promise<AddonVersionInfo[]> => {
  const question = { operation: 'DescribeAddonVersions', about: `add-on ${addonName}`, region };
  const infos = await unlessGone(
    callEks(question, signal, ({ client, options }) =>
      collectPages(paginateDescribeAddonVersions({ client }, { addonName }, options), ({ addons }) => addons),
    ),
  );
  return (infos ?? []).flatMap((info) =>
    (info.addonName ?? addonName) === addonName ? (info.addonVersions ?? []) : [],
  );
};
