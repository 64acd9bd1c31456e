import { compareMinors, type KubernetesMinor, listSteps, shiftMinor } from '../records/kubernetes-version.ts';

/** Which version a cluster is judged against. */

/** How far beyond the newest version of EKS a check looks: so far upstream has said what it will remove. */
const BEYOND_NEWEST = 2;

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
 * @param offered the versions that EKS knows; empty when it could not be asked, then any version above will do.
 */
export const judgeTarget = (
  target: KubernetesMinor,
  current: KubernetesMinor,
  offered: readonly KubernetesMinor[],
): TargetVerdict => {
  const [newest] = [...offered].toSorted((a, b) => compareMinors(b, a));
  const last = newest && shiftMinor(newest, BEYOND_NEWEST);
  const isAbove = compareMinors(target, current) > 0;
  if (isAbove && (last === undefined || compareMinors(target, last) <= 0)) return { ok: true };
  const allowed = last === undefined ? [shiftMinor(current, 1)] : listSteps(current, last);
  const write = allowed.length > 0 ? `write ${allowed.map((one) => `"${one}"`).join(', ')}` : 'leave it out';
  const wrong = isAbove
    ? `${target} is further ahead than anything is known of; the newest version of EKS is ${newest}`
    : `${target} is not above ${current}, which the cluster runs`;
  return { ok: false, reason: `${wrong}: ${write}.` };
};
