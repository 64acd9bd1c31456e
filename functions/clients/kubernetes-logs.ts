import { CoreV1Api } from '@kubernetes/client-node';
import { RefusedError } from '../runtime/errors.ts';
import { callKubernetes, type KubernetesConnection } from './kubernetes-connection.ts';

export interface LogOptions {
  readonly tailLines: number;
  /** Of the run before the last restart. */
  readonly previous: boolean;
}

/** A line may be megabytes long; this much is read of a log at most. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads the last lines of a container's log; empty when there is none: it never started, was not restarted, or the
 * pod is gone. The API server answers 400 to the first two and 404 to the third.
 */
export const readPodLog = async (
  connection: KubernetesConnection,
  namespace: string,
  pod: string,
  container: string,
  { tailLines, previous }: LogOptions,
  signal?: AbortSignal,
): Promise<string> => {
  const action = `read the log of container ${container} of pod ${namespace}/${pod}`;
  const request = { namespace, name: pod, container, tailLines, previous, limitBytes: MAX_BYTES };
  try {
    return await callKubernetes(connection, action, signal, (config, options) =>
      config.makeApiClient(CoreV1Api).readNamespacedPodLog(request, options),
    );
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'kubernetes.refused') return '';
    throw error;
  }
};
