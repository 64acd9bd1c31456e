import type { UpgradeSettings } from '../../records/configuration/upgrade.ts';
import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { PlanStep, UpgradePlan } from '../../records/upgrade/plan.ts';
import type { Addon, AddonPath } from './addon-path.ts';

/** Minutes in which an update of an add-on is through; EKS gives no figure, most take two. */
const ADDON_MINUTES = 10;

export interface AddonMoves {
  readonly steps: readonly PlanStep[];
  readonly refused: UpgradePlan['refused'];
  /** The add-ons as they are when these steps are done. */
  readonly addons: readonly Addon[];
}

/**
 * The steps by which add-ons go their ways, one add-on after the other: the VPC CNI first, since pods of the others
 * need addresses, then by name.
 */
export const moveAddons = (
  addons: readonly Addon[],
  minor: KubernetesMinor,
  conflicts: UpgradeSettings['addonConflicts'],
  findPath: (addon: Addon) => AddonPath,
): AddonMoves => {
  const moved = addons.toSorted(byUrgency).map((addon) => ({ addon, path: findPath(addon) }));
  return {
    steps: moved.flatMap(({ addon, path }) =>
      path.ok ? stepsOf(addon, path.versions, minor, conflicts) : [],
    ),
    refused: moved.flatMap(({ addon, path }) =>
      path.ok
        ? []
        : [{ subject: `add-on ${addon.name}`, reason: `${path.reason}; it is at ${addon.version}` }],
    ),
    addons: moved.map(({ addon, path }) => ({
      ...addon,
      version: (path.ok ? path.versions.at(-1) : undefined) ?? addon.version,
    })),
  };
};

const stepsOf = (
  { name, version }: Addon,
  versions: readonly string[],
  minor: KubernetesMinor,
  conflicts: UpgradeSettings['addonConflicts'],
): PlanStep[] =>
  versions.map((to, index) => {
    const from = versions[index - 1] ?? version;
    return {
      kind: 'addon',
      id: `addon/${name}/${minor}/${to}`,
      title: `add-on ${name} from ${from} to ${to}`,
      minor,
      minutes: ADDON_MINUTES,
      addon: name,
      from,
      to,
      conflicts,
    };
  });

const byUrgency = (a: Addon, b: Addon): number =>
  Number(b.name === 'vpc-cni') - Number(a.name === 'vpc-cni') || (a.name < b.name ? -1 : 1);
