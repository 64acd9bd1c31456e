import { compareMinors, type KubernetesMinor, listSteps, shiftMinor } from '../records/kubernetes-version.ts';

/** Which version a cluster is judged against. */

/** How far beyond the newest version of EKS a check looks: so far upstream has said what it will remove. */
const BEYOND_NEWEST = 2;
/**
 * How far ahead of the cluster, when EKS was not asked: more than six years of releases. What lies beyond is a slip of
 * the keys, and each of its steps would be judged.
 */
const FURTHEST = 20;

export type TargetVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** A configured target that the cluster has reached is over: what it will be asked for is the next version. */
export const chooseTarget = (way: {
  readonly asked: KubernetesMinor | undefined;
  readonly configured: KubernetesMinor | undefined;
  readonly current: KubernetesMinor;
}): KubernetesMinor => {
  const { asked, configured, current } = way;
  if (asked !== undefined) return asked;
  return configured !== undefined && compareMinors(configured, current) > 0
    ? configured
    : shiftMinor(current, 1);
};

/**
 * Is this a version that a cluster can be judged against?
 *
 * @param offered the versions that EKS knows; empty when it was not asked, then the next twenty will do.
 */
export const judgeTarget = (
  target: KubernetesMinor,
  current: KubernetesMinor,
  offered: readonly KubernetesMinor[],
): TargetVerdict => {
  const [newest] = [...offered].toSorted((a, b) => compareMinors(b, a));
  const last = newest ? shiftMinor(newest, BEYOND_NEWEST) : shiftMinor(current, FURTHEST);
  const isAbove = compareMinors(target, current) > 0;
  if (isAbove && compareMinors(target, last) <= 0) return { ok: true };
  const allowed = newest ? listSteps(current, last) : [shiftMinor(current, 1)];
  const write = allowed.length > 0 ? `write ${allowed.map((one) => `"${one}"`).join(', ')}` : 'leave it out';
  const wrong = isAbove
    ? `${target} is further ahead than anything is known of${newest ? `; the newest version of EKS is ${newest}` : ''}`
    : `${target} is not above ${current}, which the cluster runs`;
  return { ok: false, reason: `${wrong}: ${write}.` };
};
