import { compareMinors, type KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { ApiRow, GroupVersionKind, KubernetesRow } from './api-row.ts';
import { API_ROWS } from './table.ts';

/** One step of the way up. */
export interface Step {
  readonly from: KubernetesMinor;
  readonly to: KubernetesMinor;
  /** Files are judged by themselves. There is no cluster that has long lived without what is gone: it can not be applied. */
  readonly filesOnly?: boolean;
}

/**
 * How an API stands at a step. `removed`: this very step takes it away. `already-removed`: it was gone before, so that
 * whoever applies it fails today. `deprecated`: it is still served after the step, and will not be for ever.
 */
export type Standing = 'removed' | 'already-removed' | 'deprecated' | 'fine';

/**
 * Judges a row at a step. What belongs to a component is deprecated at every step: its own upgrade takes it away, and
 * that of the cluster does not. An end that is only assumed, of an alpha version, is no removal either.
 */
export const judgeApi = (row: ApiRow, { from, to, filesOnly = false }: Step): Standing => {
  if (row.component !== 'Kubernetes') return 'deprecated';
  const { removed, deprecated, assumed } = row;
  if (!filesOnly && removed !== undefined && compareMinors(removed, from) <= 0) return 'already-removed';
  if (removed !== undefined && compareMinors(removed, to) <= 0) return assumed ? 'deprecated' : 'removed';
  return deprecated !== undefined && compareMinors(deprecated, to) <= 0 ? 'deprecated' : 'fine';
};

export interface Successor extends GroupVersionKind {
  /** The first release that serves it, when the cluster does not serve it before the step. */
  readonly availableFrom?: KubernetesMinor;
}

/**
 * The version to write instead: the replacement that Kubernetes names when it is served before and after the step,
 * otherwise the most stable version of the same kind that is; one that comes with the step only when there is no other.
 * Undefined when the kind itself goes.
 */
export const findSuccessor = (row: ApiRow, { from, to }: Step): Successor | undefined => {
  if (row.component !== 'Kubernetes') return row.replacement;
  const { replacement } = row;
  const group = replacement?.group ?? row.group;
  // The marker of networking.k8s.io/v1beta1 IngressClass names the list.
  const kind =
    replacement === undefined || replacement.kind === `${row.kind}List` ? row.kind : replacement.kind;
  const served = KUBERNETES_ROWS.filter(
    (other) => other.group === group && other.kind === kind && other !== row && isServed(other, to),
  );
  const byWorth = served.toSorted(
    (a, b) => worth(b, from, replacement?.version) - worth(a, from, replacement?.version),
  );
  const [best] = byWorth;
  if (!best) return undefined;
  const { version, introduced } = best;
  const isThere = compareMinors(introduced, from) <= 0;
  return { group, version, kind, ...(isThere ? {} : { availableFrom: introduced }) };
};

const KUBERNETES_ROWS = API_ROWS.filter((row) => row.component === 'Kubernetes');

/** EKS serves no alpha version, so that none is worth a move. */
const isServed = ({ version, introduced, removed }: KubernetesRow, at: KubernetesMinor): boolean =>
  !version.includes('alpha') &&
  compareMinors(introduced, at) <= 0 &&
  (removed === undefined || compareMinors(removed, at) > 0);

const worth = (row: KubernetesRow, from: KubernetesMinor, named: string | undefined): number => {
  const isThere = compareMinors(row.introduced, from) <= 0;
  const isStable = /^v\d+$/.test(row.version);
  const number =
    Number(/^v(\d+)/.exec(row.version)?.[1]) + Number(/beta(\d+)/.exec(row.version)?.[1] ?? 0) / 100;
  return (isThere ? 1_000 : 0) + (row.version === named ? 200 : 0) + (isStable ? 100 : 0) + number;
};
