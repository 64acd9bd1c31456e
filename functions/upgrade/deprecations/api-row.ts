import * as z from 'zod';
import { KubernetesMinor } from '../../records/kubernetes-version.ts';

/**
 * Rows of the tables of deprecations: which API version of which kind is introduced, deprecated and removed when.
 * Kubernetes' own rows are generated (`kubernetes.json`); those of others are written by hand (`others.ts`).
 */

export const GroupVersionKind = z.object({
  /** Empty for the core group. */
  group: z.string(),
  version: z.string(),
  kind: z.string(),
});
export type GroupVersionKind = z.output<typeof GroupVersionKind>;

/** One kind in one version of Kubernetes itself, with the releases of Kubernetes at which its life changes. */
export const KubernetesRow = GroupVersionKind.extend({
  /** Plural, as in the URL; absent for what cannot be listed, such as reviews. */
  resource: z.string().optional(),
  /** Has no namespace. */
  clusterScoped: z.literal(true).optional(),
  introduced: KubernetesMinor,
  deprecated: KubernetesMinor.optional(),
  /** The first release that no longer serves it. */
  removed: KubernetesMinor.optional(),
  replacement: GroupVersionKind.optional(),
  /** An alpha version whose end nobody has set: introduced plus 3 and 6 is what Kubernetes assumes until then. */
  assumed: z.literal(true).optional(),
  /** The last minor of the Go module that had it; absent while it has it. */
  lastIn: KubernetesMinor.optional(),
});
export type KubernetesRow = z.output<typeof KubernetesRow>;

export const KubernetesTable = z.object({
  /** The Go modules it was read from, `k8s.io/api@v0.37.2`, newest first. */
  modules: z.array(z.string()),
  written: z.iso.date(),
  rows: z.array(KubernetesRow),
});
export type KubernetesTable = z.output<typeof KubernetesTable>;

/** Components that are no part of Kubernetes: their APIs end with their own releases. */
export type Component = 'cert-manager' | 'Istio' | 'Gateway API' | 'external-snapshotter';

/** One kind in one version of a component, with the releases of that component. */
export interface ComponentRow extends GroupVersionKind {
  readonly component: Component;
  readonly resource: string;
  readonly clusterScoped?: true;
  readonly deprecated: string;
  /** The first release of the component that no longer serves it. */
  readonly removed?: string;
  readonly replacement?: GroupVersionKind;
  readonly link: string;
}

/** A row of either table; `component` tells them apart. */
export type ApiRow = (KubernetesRow & { readonly component: 'Kubernetes' }) | ComponentRow;

/** `policy/v1beta1`; the core group has no group in front. */
export const apiVersionOf = ({ group, version }: Pick<GroupVersionKind, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;
