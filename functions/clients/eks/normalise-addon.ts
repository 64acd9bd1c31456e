import type { Addon, AddonVersionInfo } from '@aws-sdk/client-eks';
import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { AddonFact } from '../../records/upgrade/aws-facts.ts';
import { compareAddonVersions } from '../../rules/addon-versions.ts';
import { readIssues, readMinors } from './normalise-common.ts';

/**
 * DescribeAddon and DescribeAddonVersions as one fact.
 *
 * @param minors only versions for one of these are kept, and of their clusters only these.
 */
export const normaliseAddon = (
  name: string,
  addon: Addon,
  versions: readonly AddonVersionInfo[],
  minors: readonly KubernetesMinor[],
): AddonFact => ({
  name: addon.addonName ?? name,
  version: addon.addonVersion ?? '',
  status: addon.status ?? 'unknown',
  issues: readIssues(addon.health?.issues),
  offered: versions
    .map((info) => normaliseVersion(info, minors))
    .filter(({ version, clusters }) => version !== '' && clusters.length > 0)
    .toSorted((a, b) => compareAddonVersions(b.version, a.version)),
});

const normaliseVersion = (
  { addonVersion, compatibilities = [] }: AddonVersionInfo,
  minors: readonly KubernetesMinor[],
): AddonFact['offered'][number] => {
  const wanted = (rows: typeof compatibilities) =>
    readMinors(rows.map(({ clusterVersion }) => clusterVersion)).filter((minor) => minors.includes(minor));
  return {
    version: addonVersion ?? '',
    clusters: wanted(compatibilities),
    defaultFor: wanted(compatibilities.filter(({ defaultVersion }) => defaultVersion === true)),
  };
};
