import type { NodeGroupFact } from '../../../records/upgrade/aws-facts.ts';
import type { NodeFact, NodePoolFact } from '../../../records/upgrade/kubernetes-facts.ts';
import { namePool } from './subject.ts';

/** Nodes that are made, and made anew, together. */
export interface Pool {
  /** As findings name it: `node group blue`. */
  readonly subject: string;
  readonly origin: NodeFact['origin'];
  readonly group: string;
  readonly nodes: readonly NodeFact[];
}

/** Nodes by what makes them, in the order in which they were read: a finding is about a group, not about a node. */
export const poolNodes = (nodes: readonly NodeFact[]): Pool[] =>
  [...Map.groupBy(nodes, namePool)].flatMap(([subject, members]) => {
    const [first] = members;
    return first ? [{ subject, origin: first.origin, group: first.group, nodes: members }] : [];
  });

/** Karpenter's `amiSelectorTerms` by id, which name one image for ever. */
export const pinsImageId = ({ ami }: Pick<NodePoolFact, 'ami'>): boolean => /\bami-[0-9a-z]+/.test(ami);

/** EKS cannot choose the image of this group: its launch template names one. */
export const namesOwnImage = ({ amiType, launchTemplate }: NodeGroupFact): boolean =>
  amiType === 'CUSTOM' || launchTemplate?.customAmi === true;

/**
 * Does a person have to build or name the image from which new nodes of this pool are made? Otherwise EKS or
 * Karpenter takes the newest image of the new version by itself.
 */
export const bringsOwnImage = (
  { origin, group }: Pick<Pool, 'origin' | 'group'>,
  groups: readonly NodeGroupFact[],
  pools: readonly NodePoolFact[],
): boolean => {
  if (origin === 'self-managed' || origin === 'hybrid') return true;
  if (origin === 'managed') return groups.some((one) => one.name === group && namesOwnImage(one));
  return origin === 'karpenter' && pools.some((one) => one.name === group && pinsImageId(one));
};

/**
 * May an update of a managed node group drain some node? It gives up on an eviction that is refused; Karpenter and
 * Auto Mode wait. Where the nodes could not be read, it may.
 */
export const drainsManagedNodes = (nodes: readonly Pick<NodeFact, 'origin'>[]): boolean =>
  nodes.length === 0 || nodes.some(({ origin }) => origin === 'managed');
