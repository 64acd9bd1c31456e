import { compareMinors, type KubernetesMinor } from '../../../records/kubernetes-version.ts';
import type { AddonFact } from '../../../records/upgrade/aws-facts.ts';

type Offer = AddonFact['offered'][number];

/** Where an add-on may go: the versions to pass, one after the other, the last of them the goal. */
export interface AddonPath {
  readonly hops: readonly string[];
  /** It runs with the version before the step too, so it can move before the control plane. */
  readonly before: boolean;
}

/** Add-ons that AWS asks to be updated one minor version at a time. Source: EKS user guide, "Amazon VPC CNI". */
const MINOR_BY_MINOR: ReadonlySet<string> = new Set(['vpc-cni']);

/** Is this version of the add-on made for that Kubernetes version? `undefined`: EKS does not know the version. */
export const runsWith = (
  { version, offered }: Pick<AddonFact, 'version' | 'offered'>,
  cluster: KubernetesMinor,
): boolean | undefined => offered.find((offer) => offer.version === version)?.clusters.includes(cluster);

/**
 * The way of an add-on to a version that runs with the next Kubernetes version: best one that runs with both, for
 * then it can move first; EKS's own default before the newest. `undefined`: EKS offers none for it.
 */
export const findAddonPath = (
  addon: Pick<AddonFact, 'name' | 'version' | 'offered'>,
  from: KubernetesMinor,
  to: KubernetesMinor,
): AddonPath | undefined => {
  const fitting = addon.offered.filter(({ clusters }) => clusters.includes(to));
  const both = fitting.filter(({ clusters }) => clusters.includes(from));
  const candidates = both.length > 0 ? both : fitting;
  const goal = candidates.find(({ defaultFor }) => defaultFor.includes(to)) ?? candidates[0];
  if (!goal) return undefined;
  const between = MINOR_BY_MINOR.has(addon.name) ? passMinors(addon, goal, from) : [];
  return { hops: [...between, goal.version], before: both.length > 0 };
};

/** The newest version of each minor between here and there that runs with the cluster as it is; oldest first. */
const passMinors = (
  { version, offered }: Pick<AddonFact, 'version' | 'offered'>,
  goal: Offer,
  from: KubernetesMinor,
): string[] => {
  const [here, there] = [readAddonMinor(version), readAddonMinor(goal.version)];
  if (!here || !there || here.major !== there.major) return [];
  const minors = Array.from(
    { length: Math.max(0, there.minor - here.minor - 1) },
    (_, n) => here.minor + 1 + n,
  );
  return minors.flatMap((minor) => {
    const newest = offered.find((offer) => {
      const read = readAddonMinor(offer.version);
      return read?.major === here.major && read.minor === minor && offer.clusters.includes(from);
    });
    return newest ? [newest.version] : [];
  });
};

/** Major and minor of `v1.20.4-eksbuild.1`. */
const readAddonMinor = (version: string): { major: number; minor: number } | undefined => {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined || minor === undefined
    ? undefined
    : { major: Number(major), minor: Number(minor) };
};

/** The newest Kubernetes version for which EKS offers this add-on at all. */
export const newestCluster = ({ offered }: Pick<AddonFact, 'offered'>): KubernetesMinor | undefined =>
  offered
    .flatMap(({ clusters }) => clusters)
    .toSorted(compareMinors)
    .at(-1);
