import type { JsonPatchOperation, RolloutObservation, Workload, WorkloadRef } from '../records/workload.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { describeCluster } from './eks.ts';
import {
  type AccessAnswer,
  type AccessQuestion,
  type AccessSubject,
  reviewAccess,
} from './kubernetes-access.ts';
import { type KubernetesConnection, TokenKubeConfig } from './kubernetes-connection.ts';
import { type LogOptions, readPodLog } from './kubernetes-logs.ts';
import { observeRollout } from './kubernetes-rollouts.ts';
import { createTokenSource } from './kubernetes-token.ts';
import { watchRollout } from './kubernetes-watch.ts';
import { type PatchResult, patchWorkload, readWorkload } from './kubernetes-workloads.ts';

/**
 * The Kubernetes API as Drydock uses it. Each call has a deadline, and throws TransientError
 * `kubernetes.unreachable` or `kubernetes.unavailable`, or RefusedError `kubernetes.unauthorized`,
 * `kubernetes.forbidden` or `kubernetes.refused`.
 */
export interface Kubernetes {
  /** Reads a workload; undefined when there is none. */
  readWorkload(ref: WorkloadRef, signal?: AbortSignal): Promise<Workload | undefined>;
  /** Applies a JSON patch as field manager `drydock`; a failed `test` operation is a `conflict`. */
  patchWorkload(
    ref: WorkloadRef,
    patch: readonly JsonPatchOperation[],
    signal?: AbortSignal,
  ): Promise<PatchResult>;
  /** Looks once at a workload, its ReplicaSets, pods and events. */
  observeRollout(ref: WorkloadRef, signal?: AbortSignal): Promise<RolloutObservation>;
  /** Looks at once, and again after each change, until the signal aborts or the caller stops. */
  watchRollout(ref: WorkloadRef, signal: AbortSignal): AsyncIterable<RolloutObservation>;
  /** The last lines of a container's log; empty when there is none (it never started, the pod is gone). */
  readPodLog(
    namespace: string,
    pod: string,
    container: string,
    options: LogOptions,
    signal?: AbortSignal,
  ): Promise<string>;
  /** Asks the API server what this identity may do, or somebody else. */
  reviewAccess(
    questions: readonly AccessQuestion[],
    subject?: AccessSubject,
  ): Promise<readonly AccessAnswer[]>;
}

/**
 * Connects to the Kubernetes API of an EKS cluster as the role this process runs under.
 *
 * @throws RefusedError, TransientError of `describeCluster`.
 */
export const connectKubernetes = async (options: {
  readonly cluster: string;
  readonly region: string;
}): Promise<Kubernetes> => {
  const connection = connectCluster(options);
  await connection.config();
  return openKubernetes(connection);
};

/** The same API over any connection: with a kubeconfig, say. */
export const openKubernetes = (connection: KubernetesConnection, clock: Clock = systemClock): Kubernetes => ({
  readWorkload: (ref, signal) => readWorkload(connection, ref, signal),
  patchWorkload: (ref, patch, signal) => patchWorkload(connection, ref, patch, signal),
  observeRollout: (ref, signal) => observeRollout(connection, clock, ref, signal),
  watchRollout: (ref, signal) => watchRollout(connection, clock, ref, signal),
  readPodLog: (namespace, pod, container, log, signal) =>
    readPodLog(connection, namespace, pod, container, log, signal),
  reviewAccess: (questions, subject) => reviewAccess(connection, questions, subject),
});

/** A cluster as this role reaches it. Endpoint and authority are kept while they work: a warm Lambda asks EKS once. */
export const connectCluster = ({
  cluster,
  region,
}: {
  cluster: string;
  region: string;
}): KubernetesConnection => {
  const tokens = createTokenSource({ cluster, region });
  let kept: Promise<TokenKubeConfig> | undefined;
  const open = async (): Promise<TokenKubeConfig> => {
    const { endpoint, certificateAuthority } = await describeCluster(cluster, region);
    const config = new TokenKubeConfig(async () => ({ Authorization: `Bearer ${await tokens.getToken()}` }));
    config.loadFromClusterAndUser(
      { name: cluster, server: endpoint, caData: certificateAuthority, skipTLSVerify: false },
      { name: 'drydock' },
    );
    return config;
  };
  return {
    cluster,
    config: () => {
      kept ??= open().catch((error: unknown) => {
        kept = undefined;
        throw error;
      });
      return kept;
    },
    renew: (why) => {
      if (why === 'token') tokens.forgetToken();
      else kept = undefined;
    },
  };
};
