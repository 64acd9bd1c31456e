import { CoreV1Api, type V1Secret } from '@kubernetes/client-node';
import { connectCluster } from './kubernetes.ts';
import { callKubernetes, type KubernetesConnection } from './kubernetes-connection.ts';
import { findStatusCode } from './kubernetes-errors.ts';
import { hideAnswer } from './kubernetes-secret-errors.ts';

/** A Secret as it lies in the cluster; whoever holds one writes it nowhere. */
export interface KubernetesSecret {
  readonly name: string;
  /** `Opaque`, `kubernetes.io/tls`. */
  readonly type: string;
  readonly data: Readonly<Record<string, Uint8Array>>;
}

/** Reads named Secrets. There is no list on purpose: the right to list is the right to read all of them. */
export interface KubernetesSecrets {
  /**
   * Reads one Secret; undefined when there is none.
   *
   * @throws RefusedError `kubernetes.forbidden`, with `permission` as `get secrets/<name>`; `kubernetes.unauthorized`.
   * @throws TransientError `kubernetes.unreachable`, `kubernetes.unavailable`.
   */
  readSecret(namespace: string, name: string, signal?: AbortSignal): Promise<KubernetesSecret | undefined>;
}

/** Opens the Secrets of an EKS cluster as the role this process runs under. */
export const connectKubernetesSecrets = (options: {
  readonly cluster: string;
  readonly region: string;
}): KubernetesSecrets => openKubernetesSecrets(connectCluster(options));

/** The same over any connection. */
export const openKubernetesSecrets = (connection: KubernetesConnection): KubernetesSecrets => ({
  async readSecret(namespace, name, signal) {
    const action = `read Secret ${namespace}/${name}`;
    try {
      return await callKubernetes(connection, action, signal, (config, options) =>
        config
          .makeApiClient(CoreV1Api)
          .readNamespacedSecret({ namespace, name }, options)
          .then(normalise(name), (error: unknown) => {
            if (findStatusCode(error) === 404) return undefined;
            throw error;
          }),
      );
    } catch (error) {
      throw hideAnswer(error, { permission: `get secrets/${name}`, namespace, cluster: connection.cluster });
    }
  },
});

const normalise =
  (name: string) =>
  ({ type, data = {} }: V1Secret): KubernetesSecret => ({
    name,
    type: type ?? 'Opaque',
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')])),
  });
