import * as z from 'zod';
import { connectCluster } from './kubernetes.ts';
import type { KubernetesConnection } from './kubernetes-connection.ts';
import { sendKubernetes } from './kubernetes-json.ts';

/** What one ResourceQuota leaves, by resource as Kubernetes writes it: `pods`, `requests.memory`. */
export interface QuotaState {
  readonly name: string;
  /** Quantities, such as `10Gi`. */
  readonly hard: Readonly<Record<string, string>>;
  readonly used: Readonly<Record<string, string>>;
  /** Does it hold for some pods only, by scopes? */
  readonly scoped: boolean;
}

/**
 * Quotas of one cluster. Throws TransientError `kubernetes.unreachable` or `kubernetes.unavailable`, or RefusedError
 * `kubernetes.unauthorized`, `kubernetes.forbidden` or `kubernetes.refused`.
 */
export interface KubernetesQuotas {
  /** Those of a namespace; a controller that has not counted one yet leaves it empty. */
  list(namespace: string, signal?: AbortSignal): Promise<readonly QuotaState[]>;
}

/** The quotas of an EKS cluster, as the role this process runs under. */
export const connectKubernetesQuotas = (options: {
  readonly cluster: string;
  readonly region: string;
}): KubernetesQuotas => openKubernetesQuotas(connectCluster(options));

/** The same over any connection. */
export const openKubernetesQuotas = (connection: KubernetesConnection): KubernetesQuotas => ({
  list: async (namespace, signal) => {
    const action = `list ResourceQuotas in ${namespace}`;
    const path = `/api/v1/namespaces/${namespace}/resourcequotas`;
    const answer = await sendKubernetes(connection, { action, method: 'GET', path }, signal);
    return QuotaList.parse(answer).items.map(({ metadata, spec, status }) => ({
      name: metadata.name,
      hard: status.hard,
      used: status.used,
      scoped: spec.scopes.length > 0 || spec.scopeSelector !== undefined,
    }));
  },
});

const Quantities = z.record(z.string(), z.string()).default({});

const QuotaList = z.object({
  items: z
    .array(
      z.object({
        metadata: z.object({ name: z.string() }),
        spec: z
          .object({ scopes: z.array(z.string()).default([]), scopeSelector: z.unknown().optional() })
          .prefault({}),
        status: z.object({ hard: Quantities, used: Quantities }).prefault({}),
      }),
    )
    // An empty list is `null` where the server builds it of a nil slice.
    .nullable()
    .transform((items) => items ?? []),
});
