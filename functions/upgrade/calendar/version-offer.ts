import { compareMinors, type KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { VersionFact } from '../../records/upgrade/aws-facts.ts';

/**
 * Is this a version that EKS has not brought out yet? It lists all that it offers, so one that is newer than all of them
 * is still to come. Our own copy of the calendar may just be behind, so it proves nothing.
 */
export const isNotOutYet = (version: KubernetesMinor, versions: readonly VersionFact[]): boolean =>
  versions.length > 0 &&
  versions.every((known) => known.source === 'eks' && compareMinors(known.version, version) < 0);
