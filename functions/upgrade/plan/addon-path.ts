import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { AddonFact } from '../../records/upgrade/aws-facts.ts';
import { compareAddonVersions } from '../../rules/addon-versions.ts';
import { addonMinor } from './addon-version.ts';

/** An add-on as it will be when a step begins: its name, its version by then, and what EKS offers of it. */
export type Addon = Pick<AddonFact, 'name' | 'version' | 'offered'>;

export type AddonPath =
  | {
      readonly ok: true /** The versions to go through, the last one to stay at. */;
      readonly versions: readonly string[];
    }
  | { readonly ok: false; readonly reason: string };

/** No way to go. */
export const STAY: AddonPath = { ok: true, versions: [] };

/** Does EKS say that this version of an add-on works on that minor of the cluster? */
export const supports = ({ offered }: Addon, version: string, cluster: KubernetesMinor): boolean =>
  offered.some((one) => one.version === version && one.clusters.includes(cluster));

/**
 * The way of an add-on before the control plane moves: none when its version is valid for both, else to the nearest
 * minor of it that is. EKS user guide, "Update a cluster": add-ons first to a version that both support.
 */
export const pathBefore = (addon: Addon, current: KubernetesMinor, target: KubernetesMinor): AddonPath => {
  if (supports(addon, addon.version, target)) return STAY;
  const both = versionsOf(addon, [current, target]).filter((version) => isLater(version, addon.version));
  const nearest = newestOfNearestMinor(both);
  if (nearest === undefined) {
    const reason = `no version of it that EKS offers works on both ${current} and ${target}`;
    return { ok: false, reason };
  }
  return minorByMinor(addon, nearest, [current]);
};

/** The way after the control plane moved: to the version that EKS takes as default for it; never back. */
export const pathAfter = (addon: Addon, current: KubernetesMinor): AddonPath => {
  const preferred = addon.offered.find(({ defaultFor }) => defaultFor.includes(current))?.version;
  if (preferred === undefined || !isLater(preferred, addon.version)) return STAY;
  return minorByMinor(addon, preferred, [current]);
};

/**
 * The way down before the control plane goes back to `target`: none when its version is valid there, else to the
 * newest earlier one that is valid for both.
 */
export const pathDown = (addon: Addon, current: KubernetesMinor, target: KubernetesMinor): AddonPath => {
  if (supports(addon, addon.version, target)) return STAY;
  const [newest] = versionsOf(addon, [current, target]).filter((version) => isLater(addon.version, version));
  if (newest !== undefined) return minorByMinor(addon, newest, [current]);
  return { ok: false, reason: `no earlier version of it works on both ${current} and ${target}` };
};

const isLater = (a: string, b: string): boolean => compareAddonVersions(a, b) > 0;

/** Those that are valid for all of these minors, newest first. */
const versionsOf = ({ offered }: Addon, clusters: readonly KubernetesMinor[]): string[] =>
  offered
    .filter((one) => clusters.every((cluster) => one.clusters.includes(cluster)))
    .map(({ version }) => version)
    .toSorted((a, b) => compareAddonVersions(b, a));

const newestOfNearestMinor = (newestFirst: readonly string[]): string | undefined => {
  const nearest = newestFirst.at(-1);
  const minor = nearest === undefined ? undefined : addonMinor(nearest);
  return newestFirst.find((version) => addonMinor(version) === minor);
};

/**
 * One minor of the add-on at a time, up or down, each by its newest version that is valid now; a minor that EKS does
 * not offer is passed over. The VPC CNI asks for it: "we recommend updating one minor version at a time" (EKS user
 * guide, "Update the Amazon VPC CNI"), and it harms no other.
 */
const minorByMinor = (addon: Addon, last: string, clusters: readonly KubernetesMinor[]): AddonPath => {
  const from = addonMinor(addon.version);
  const to = addonMinor(last);
  if (from === undefined || to === undefined) return { ok: true, versions: [last] };
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const between = versionsOf(addon, clusters).filter((version) => {
    const minor = addonMinor(version);
    return minor !== undefined && minor > low && minor < high;
  });
  const newest = between.filter(
    (version, index) => between.findIndex((other) => addonMinor(other) === addonMinor(version)) === index,
  );
  const ordered = from < to ? newest.toReversed() : newest;
  return { ok: true, versions: [...ordered, last] };
};
