import * as z from 'zod';
import type { ObjectRef } from '../records/kubernetes-job.ts';
import {
  type NetworkPolicy,
  type NetworkPolicyManifest,
  NetworkPolicySpec,
} from '../records/kubernetes-network-policy.ts';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import { connectCluster } from './kubernetes.ts';
import type { KubernetesConnection } from './kubernetes-connection.ts';
import { isAnswer } from './kubernetes-errors.ts';
import { sendKubernetes } from './kubernetes-json.ts';

/**
 * NetworkPolicies of one cluster. That one is there says nothing about whether anybody carries it out: that is the
 * network plugin's part. Throws TransientError `kubernetes.unreachable` or `kubernetes.unavailable`, or RefusedError
 * `kubernetes.unauthorized`, `kubernetes.forbidden` or `kubernetes.refused`.
 */
export interface KubernetesNetworkPolicies {
  list(namespace: string, signal?: AbortSignal): Promise<readonly NetworkPolicy[]>;
  /**
   * Makes one. A repeat finds the one with the same name and labels.
   *
   * @throws RefusedError `kubernetes.policy-taken` when the name is somebody else's, or that one is being deleted.
   */
  create(manifest: NetworkPolicyManifest, signal?: AbortSignal): Promise<NetworkPolicy>;
  /** Deletes this very one. `gone`: there is none of that name, or another one has it now. */
  delete(policy: ObjectRef & { readonly uid: string }, signal?: AbortSignal): Promise<'deleted' | 'gone'>;
}

/** Those of an EKS cluster, as the role this process runs under. */
export const connectKubernetesNetworkPolicies = (options: {
  readonly cluster: string;
  readonly region: string;
}): KubernetesNetworkPolicies => openKubernetesNetworkPolicies(connectCluster(options));

/** The same over any connection. */
export const openKubernetesNetworkPolicies = (
  connection: KubernetesConnection,
): KubernetesNetworkPolicies => ({
  list: async (namespace, signal) => {
    const action = `list NetworkPolicies in ${namespace}`;
    const answer = await sendKubernetes(
      connection,
      { action, method: 'GET', path: pathOf(namespace) },
      signal,
    );
    return PolicyList.parse(answer).items.map(normalise);
  },

  create: async (manifest, signal) => {
    const { namespace, name } = manifest.metadata;
    const call = { action: `create NetworkPolicy ${namespace}/${name}`, path: pathOf(namespace) };
    try {
      const query = { fieldManager: 'drydock' };
      return normalise(
        PolicyAnswer.parse(
          await sendKubernetes(connection, { ...call, method: 'POST', query, body: manifest }, signal),
        ),
      );
    } catch (error) {
      if (!isAnswer(error, 409)) throw error;
    }
    return findSame(connection, manifest, signal);
  },

  delete: async ({ namespace, name, uid }, signal) => {
    const action = `delete NetworkPolicy ${namespace}/${name}`;
    const path = pathOf(namespace, name);
    try {
      await sendKubernetes(
        connection,
        { action, method: 'DELETE', path, body: { preconditions: { uid } } },
        signal,
      );
      return 'deleted';
    } catch (error) {
      // 409: the uid is another one's.
      if (isAnswer(error, 404) || isAnswer(error, 409)) return 'gone';
      throw error;
    }
  },
});

const findSame = async (
  connection: KubernetesConnection,
  { metadata }: NetworkPolicyManifest,
  signal: AbortSignal | undefined,
): Promise<NetworkPolicy> => {
  const { namespace, name, labels } = metadata;
  const action = `read NetworkPolicy ${namespace}/${name}`;
  const call = { action, method: 'GET', path: pathOf(namespace, name) } as const;
  const found = await sendKubernetes(connection, call, signal).catch((error: unknown) => {
    if (!isAnswer(error, 404)) throw error;
    // It went between the two calls.
    throw new TransientError('kubernetes.unavailable', `Could not create ${namespace}/${name}: try again.`);
  });
  const answer = PolicyAnswer.parse(found);
  const isOurs = Object.entries(labels).every(([key, value]) => answer.metadata.labels[key] === value);
  if (isOurs && answer.metadata.deletionTimestamp === undefined) return normalise(answer);
  const why = isOurs ? 'that one is being deleted' : 'it was made by somebody else';
  throw new RefusedError(
    'kubernetes.policy-taken',
    `Could not create NetworkPolicy ${namespace}/${name}: there is one of that name, and ${why}. Look at it: kubectl --namespace ${namespace} describe networkpolicy ${name}`,
  );
};

const PolicyAnswer = z.object({
  metadata: z.object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: NetworkPolicySpec.prefault({}),
});

const PolicyList = z.object({
  items: z
    .array(PolicyAnswer)
    // An empty list is `null` where the server builds it of a nil slice.
    .nullable()
    .transform((items) => items ?? []),
});

const normalise = ({ metadata, spec }: z.output<typeof PolicyAnswer>): NetworkPolicy => ({
  namespace: metadata.namespace,
  name: metadata.name,
  uid: metadata.uid,
  labels: metadata.labels,
  spec,
});

const pathOf = (namespace: string, name?: string): string =>
  [
    '/apis/networking.k8s.io/v1/namespaces',
    namespace,
    'networkpolicies',
    ...(name === undefined ? [] : [name]),
  ].join('/');
