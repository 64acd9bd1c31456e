import type { DrillRun } from '../../../records/backup/drill.ts';
import type { DrillInspection } from '../../../records/backup/drill-inspection.ts';
import type { NetworkPolicy } from '../../../records/kubernetes-network-policy.ts';
import { judgeNetwork, type NetworkWishes } from '../drill-network.ts';
import { type DrillTurn, failTurn } from '../drill-turn.ts';
import { findOpenings } from '../network-policies.ts';
import { findShared } from '../place-apart.ts';
import { judgeReadiness, type ReadinessFacts } from '../place-readiness.ts';
import { judgeSecondLook } from '../same-place.ts';

/** Looks whether the place is nobody's: before anything is done there, and again before it is emptied. */

interface ApartFacts extends Pick<ReadinessFacts, 'version' | 'setVersion' | 'workloads' | 'autoscalers'> {
  readonly inspection: DrillInspection;
  /** NetworkPolicies that stand there. */
  readonly policies: readonly NetworkPolicy[];
  /** For the place as it was read; undefined where it could not be. */
  readonly network: NetworkWishes | undefined;
}

/** The turn `look-apart`. What the place is goes into the record: at the end it must be this very one. */
export const lookApart = (run: DrillRun, facts: ApartFacts): DrillTurn => {
  const { inspection, policies, network } = facts;
  const { place, used, mail } = inspection;
  if (!place.known) {
    return failTurn(`What the place of the drill is made of is not known: ${place.why}.`);
  }
  const { release } = run.target;
  const reasons = [
    ...judgeCompleteness(run, inspection),
    ...findShared(place.value, used),
    ...judgeReadiness({ ...facts, release, mail }),
    ...(network ? judgeNetwork(network, inspection) : []),
    ...findOpenings(policies, run.id),
  ];
  const learn = (before: DrillRun): DrillRun => ({ ...before, place: place.value });
  return reasons.length > 0
    ? { ...failTurn(...reasons), learn }
    : { verdict: { state: 'done', message: 'the place is nobody’s, and ready' }, learn };
};

/** The turn `look-again`. */
export const lookAgain = (run: DrillRun, inspection: DrillInspection): DrillTurn => {
  const { place, used } = inspection;
  const reasons = [
    ...judgeCompleteness(run, inspection),
    ...judgeSecondLook(run.place, place.known ? place.value : undefined, used),
    ...(place.known ? [] : [`It is not known: ${place.why}.`]),
  ];
  return reasons.length > 0
    ? failTurn(...reasons)
    : { verdict: { state: 'done', message: 'it is the same place, and nobody’s' } };
};

/** Whoever compares with nobody finds nothing in common. */
const judgeCompleteness = ({ environment }: DrillRun, { used }: DrillInspection): string[] =>
  used.some((one) => one.environment === environment)
    ? []
    : [`What ${environment} uses is not known: drydock.yaml does not name it any more.`];
