import { type Clusters, openClusters } from '../clients/clusters.ts';
import type { Ledger } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type Locks, openLocks } from '../clients/locks.ts';
import { openPauses, type Pauses } from '../clients/pauses.ts';
import { findTarget, findTargetsForImage, type NamedTarget } from '../records/configuration/lookup.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { RefusedError } from '../runtime/errors.ts';

/** The collaborators of every step that looks at or changes a target's workload. */
export interface TargetWiring {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly clock: Clock;
  readonly cluster: Clusters;
  /** @throws RefusedError `target.unknown` when drydock.yaml no longer has it. */
  readonly findTarget: (name: string) => NamedTarget;
  /** Every target that follows an image. */
  readonly findTargets: (image: string) => readonly NamedTarget[];
}

/** Wires the steps that face a cluster: ledger, locks, stop button, and the clusters of drydock.yaml. */
export const wireTargets = (ledgerBucket: string): TargetWiring => {
  const configuration = readConfiguration();
  const ledger = connectLedger(ledgerBucket);
  return {
    ledger,
    locks: openLocks(ledger, systemClock),
    pauses: openPauses(ledger, systemClock),
    clock: systemClock,
    cluster: openClusters(configuration),
    findTargets: (image) => findTargetsForImage(configuration, image),
    findTarget: (name) => {
      const target = findTarget(configuration, name);
      if (target) return target;
      throw new RefusedError(
        'target.unknown',
        `drydock.yaml has no target ${name} any more; the rollout that was ordered for it is dropped.`,
      );
    },
  };
};
