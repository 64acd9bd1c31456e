import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { UpdateFact } from '../../records/upgrade/aws-facts.ts';
import { itemsOf } from '../../records/upgrade/facts.ts';
import { HOUR_MS } from '../../rules/utc-days.ts';
import type { PlanSubject } from './plan-subject.ts';

/** Is an update of a cluster's own version to this minor one of these, and when did it begin? The newest, if several. */
export const findArrival = (
  updates: readonly UpdateFact[],
  minor: KubernetesMinor,
): { readonly update: UpdateFact; readonly createdAt: Date } | undefined => {
  const arrivals = updates
    .filter(
      ({ type, status, params }) =>
        type === 'VersionUpdate' && status === 'Successful' && params['Version'] === minor,
    )
    .flatMap((update) =>
      update.createdAt === undefined ? [] : [{ update, createdAt: new Date(update.createdAt) }],
    );
  return arrivals.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0];
};

/**
 * Has the control plane been at this minor for as long as it shall bake? EKS keeps the updates of a cluster, so one
 * without a trace of it was made there, or moved long ago.
 */
export const isBakeOver = ({ facts, settings, now }: PlanSubject, minor: KubernetesMinor): boolean => {
  const arrival = findArrival(itemsOf(facts).updates, minor);
  return !arrival || now.getTime() >= arrival.createdAt.getTime() + settings.bakeHours * HOUR_MS;
};
