import type { NodeFact, WorkloadFact } from '../../../records/upgrade/kubernetes-facts.ts';

/** `Deployment shop/web`: how findings name a workload. */
export const nameWorkload = ({ kind, namespace, name }: Pick<WorkloadFact, 'kind' | 'namespace' | 'name'>) =>
  `${kind} ${namespace}/${name}`;

const POOL_NAMES: Readonly<Record<NodeFact['origin'], (group: string) => string>> = {
  managed: (group) => `node group ${group}`,
  karpenter: (group) => `node pool ${group}`,
  auto: (group) => `node pool ${group}`,
  fargate: (group) => (group === '' ? 'Fargate nodes' : `Fargate profile ${group}`),
  hybrid: (group) => (group === '' ? 'hybrid nodes' : `hybrid nodes ${group}`),
  'self-managed': (group) => (group === '' ? 'self-managed nodes' : `self-managed nodes ${group}`),
};

/** `node group blue`, `node pool general`, `self-managed nodes`: how findings name what a node belongs to. */
export const namePool = ({ origin, group }: Pick<NodeFact, 'origin' | 'group'>): string =>
  POOL_NAMES[origin](group);

/** How many things of one kind a finding names; the rest is a number, so that a message stays readable. */
const NAMED = 10;

/** One line each, ten at most, and how many more there are. */
export const listSome = (lines: readonly string[]): string[] =>
  lines.length <= NAMED ? [...lines] : [...lines.slice(0, NAMED), `and ${lines.length - NAMED} more`];

/** `1 node`, `3 nodes`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** The form of a verb or pronoun that goes with a number: `is` with one, `are` with any other. */
export const agree = (number: number, one: string, many: string): string => (number === 1 ? one : many);
