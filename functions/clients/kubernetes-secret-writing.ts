import * as z from 'zod';
import { TransientError } from '../runtime/errors.ts';
import { connectCluster } from './kubernetes.ts';
import type { KubernetesConnection } from './kubernetes-connection.ts';
import { isAnswer } from './kubernetes-errors.ts';
import { sendKubernetes } from './kubernetes-json.ts';
import { hideAnswer } from './kubernetes-secret-errors.ts';

/** A Secret as it shall lie in the cluster; whoever holds one writes it nowhere else. */
export interface WantedSecret {
  readonly namespace: string;
  readonly name: string;
  /** `Opaque`, `kubernetes.io/tls`. */
  readonly type: string;
  /** In base64, as Kubernetes has it. */
  readonly data: Readonly<Record<string, string>>;
}

/**
 * Writes named Secrets, each as a whole. Throws RefusedError `kubernetes.forbidden` with `permission` as
 * `update secrets/<name>`, `kubernetes.unauthorized` or `kubernetes.refused`; TransientError `kubernetes.unreachable`
 * or `kubernetes.unavailable`. No error carries what was sent or answered.
 */
export interface KubernetesSecretWriting {
  /**
   * Has a Secret lie there with this type and exactly these keys; labels and annotations of one that is there stay,
   * so that Helm still knows it. `same`: it did already. A type can not be changed, so that such a one is made anew.
   */
  writeSecret(secret: WantedSecret, signal?: AbortSignal): Promise<'created' | 'replaced' | 'same'>;
  /** Takes a Secret away; `gone` when there was none. */
  removeSecret(
    secret: Pick<WantedSecret, 'namespace' | 'name'>,
    signal?: AbortSignal,
  ): Promise<'removed' | 'gone'>;
}

/** Writes Secrets of an EKS cluster as the role this process runs under. */
export const connectKubernetesSecretWriting = (options: {
  readonly cluster: string;
  readonly region: string;
}): KubernetesSecretWriting => openKubernetesSecretWriting(connectCluster(options));

const Present = z.looseObject({
  metadata: z.looseObject({ uid: z.string() }),
  type: z.string().default('Opaque'),
  immutable: z.boolean().default(false),
  data: z.record(z.string(), z.string()).default({}),
});
type Present = z.output<typeof Present>;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const VERBS: Readonly<Record<Method, string>> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  DELETE: 'delete',
};

/** The same over any connection. */
export const openKubernetesSecretWriting = (connection: KubernetesConnection): KubernetesSecretWriting => {
  const send = async (
    method: Method,
    { namespace, name }: Pick<WantedSecret, 'namespace' | 'name'>,
    body: unknown,
    signal: AbortSignal | undefined,
  ): Promise<unknown> => {
    const all = `/api/v1/namespaces/${namespace}/secrets`;
    const path = method === 'POST' ? all : `${all}/${name}`;
    const action = `${VERBS[method]} Secret ${namespace}/${name}`;
    const query = method === 'GET' || method === 'DELETE' ? {} : { fieldManager: 'drydock' };
    try {
      return await sendKubernetes(connection, { action, method, path, query, body }, signal);
    } catch (error) {
      if (isAnswer(error, 404) && method !== 'POST') return undefined;
      // Somebody else wrote it between our look and our write: the next look sees what is there now.
      if (isAnswer(error, 409)) {
        const message = `Could not ${action}: it was changed at the same moment.`;
        throw new TransientError('kubernetes.unavailable', message);
      }
      const permission = `${VERBS[method]} secrets/${name}`;
      throw hideAnswer(error, { permission, namespace, cluster: connection.cluster });
    }
  };

  const read = async (secret: Pick<WantedSecret, 'namespace' | 'name'>, signal: AbortSignal | undefined) => {
    const found = await send('GET', secret, undefined, signal);
    return found === undefined ? undefined : Present.parse(found);
  };

  const create = (secret: WantedSecret, metadata: object, signal: AbortSignal | undefined) => {
    const { namespace, name, type, data } = secret;
    const body = { apiVersion: 'v1', kind: 'Secret', metadata: { ...metadata, namespace, name }, type, data };
    return send('POST', secret, body, signal);
  };

  const remove = (
    secret: Pick<WantedSecret, 'namespace' | 'name'>,
    { metadata: { uid } }: Present,
    signal: AbortSignal | undefined,
  ) => send('DELETE', secret, { preconditions: { uid } }, signal);

  return {
    async writeSecret(secret, signal) {
      const present = await read(secret, signal);
      if (!present) {
        await create(secret, {}, signal);
        return 'created';
      }
      if (present.type === secret.type && isSame(present.data, secret.data)) return 'same';
      if (present.type === secret.type && !present.immutable) {
        const replaced = await send('PUT', secret, { ...present, data: secret.data }, signal);
        if (replaced === undefined) await create(secret, keptMetadata(present), signal);
        return 'replaced';
      }
      await remove(secret, present, signal);
      await create(secret, keptMetadata(present), signal);
      return 'replaced';
    },

    async removeSecret(secret, signal) {
      const present = await read(secret, signal);
      if (!present) return 'gone';
      await remove(secret, present, signal);
      return 'removed';
    },
  };
};

/** Labels and annotations by which Helm and people know it; the rest belongs to one object only. */
const keptMetadata = ({ metadata: { labels, annotations } }: Present): object => ({
  ...(labels === undefined ? {} : { labels }),
  ...(annotations === undefined ? {} : { annotations }),
});

const isSame = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean => {
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && other[key] === one[key])
  );
};
