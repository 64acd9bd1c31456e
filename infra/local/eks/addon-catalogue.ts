import type { AddonInfo, AddonVersionInfo } from '@aws-sdk/client-eks';
import { CALENDAR, minorOf } from './calendar.ts';

/** A version, the first and the last minor it works with, and the minors whose default it is. */
type Row = readonly [version: string, from: number, until: number, defaultFor: readonly number[]];

/**
 * Some versions of the add-ons that most clusters have, in no order, as EKS gives them: a caller that trusts the
 * order, or compares text (`eksbuild.10` with `eksbuild.9`), chooses wrongly.
 */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  'vpc-cni': [
    ['v1.19.6-eksbuild.7', 28, 34, [31, 32]],
    ['v1.21.1-eksbuild.10', 33, 37, [35, 36]],
    ['v1.21.1-eksbuild.9', 33, 36, []],
    ['v1.20.4-eksbuild.2', 30, 35, [33, 34]],
  ],
  coredns: [
    ['v1.12.4-eksbuild.10', 33, 35, [34]],
    ['v1.11.4-eksbuild.24', 28, 33, [31, 32, 33]],
    ['v1.13.2-eksbuild.4', 34, 37, [35, 36]],
    ['v1.12.4-eksbuild.6', 33, 36, []],
  ],
  'aws-ebs-csi-driver': [
    ['v1.48.0-eksbuild.2', 29, 36, [31, 32, 33]],
    ['v1.56.1-eksbuild.1', 31, 37, [34, 35, 36]],
    ['v1.9.0-eksbuild.1', 28, 31, []],
  ],
  'eks-pod-identity-agent': [
    ['v1.3.4-eksbuild.1', 28, 35, [31, 32]],
    ['v1.3.10-eksbuild.2', 28, 37, [33, 34, 35, 36]],
  ],
};

/** kube-proxy comes in one line for each minor, which EKS offers to the three later minors too: the skew that holds. */
const kubeProxyRows = (): Row[] =>
  CALENDAR.map(({ version, patch }): Row => {
    const minor = minorOf(version);
    return [`v${patch}-eksbuild.2`, minor, minor + 3, [minor]];
  });

const describeRow = ([addonVersion, from, until, defaultFor]: Row): AddonVersionInfo => ({
  addonVersion,
  architecture: ['amd64', 'arm64'],
  computeTypes: ['ec2', 'auto', 'hybrid'],
  compatibilities: Array.from({ length: until - from + 1 }, (_, index) => ({
    clusterVersion: `1.${from + index}`,
    platformVersions: ['*'],
    defaultVersion: defaultFor.includes(from + index),
  })),
  requiresConfiguration: false,
  requiresIamPermissions: false,
});

/** What DescribeAddonVersions offers unless a test sets something else. */
export const ADDON_CATALOGUE: readonly AddonInfo[] = Object.entries({
  ...ROWS,
  'kube-proxy': kubeProxyRows(),
}).map(([addonName, rows]) => ({
  addonName,
  type: addonName === 'aws-ebs-csi-driver' ? 'storage' : 'networking',
  publisher: 'eks',
  owner: 'aws',
  defaultNamespace: 'kube-system',
  addonVersions: rows.map(describeRow),
}));

/** The version of an add-on that EKS would install for a minor; undefined when it offers none. */
export const defaultAddonVersion = (
  catalogue: readonly AddonInfo[],
  addon: string,
  minor: string,
): string | undefined =>
  catalogue
    .find(({ addonName }) => addonName === addon)
    ?.addonVersions?.find(({ compatibilities }) =>
      compatibilities?.some(
        ({ clusterVersion, defaultVersion }) => clusterVersion === minor && defaultVersion,
      ),
    )?.addonVersion;

/** Does the catalogue hold this version of the add-on, for this minor? */
export const isCompatible = (
  catalogue: readonly AddonInfo[],
  addon: string,
  version: string,
  minor: string,
): boolean =>
  catalogue
    .find(({ addonName }) => addonName === addon)
    ?.addonVersions?.some(
      ({ addonVersion, compatibilities }) =>
        addonVersion === version && compatibilities?.some(({ clusterVersion }) => clusterVersion === minor),
    ) ?? false;
