import { createServer, type IncomingMessage } from 'node:http';
import { DiscoveryV1Api, KubeConfig } from '@kubernetes/client-node';
import { listenOnLoopback, stopServing } from '../../loopback.ts';

/**
 * What answers a pod that asks a Service of web pods for the sign-in page. Nothing of Rails runs: it is a line of text,
 * given when the Service has a ready pod and the database of that GitLab has people who could sign in, without whom the
 * real one would answer with an error as well.
 *
 * `Host` names the Service and its namespace: `gitlab-webservice-default.gitlab-scratch`. A Service without a ready pod
 * is nobody: the connection ends without an answer.
 */
export interface LocalWeb {
  /** Where all Services are; on 127.0.0.1. */
  readonly port: number;
  stop(): Promise<void>;
}

/** Can people sign in at the GitLab of a namespace? Throws where its database does not say. */
export type HasPeople = (namespace: string) => Promise<boolean>;

export const serveWeb = async (kubeconfig: string, hasPeople: HasPeople): Promise<LocalWeb> => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const discovery = config.makeApiClient(DiscoveryV1Api);
  const isReady = async (namespace: string, service: string): Promise<boolean> => {
    const { items } = await discovery.listNamespacedEndpointSlice({
      namespace,
      labelSelector: `kubernetes.io/service-name=${service}`,
    });
    return items.some(({ endpoints = [] }) => endpoints.some(({ conditions }) => conditions?.ready === true));
  };
  const answer = async ({ url, headers }: IncomingMessage): Promise<number | undefined> => {
    const [service = '', namespace = ''] = (headers.host ?? '').split('.');
    if (!(await isReady(namespace, service))) return undefined;
    if (url !== '/users/sign_in') return 404;
    return (await hasPeople(namespace).catch(() => false)) ? 200 : 500;
  };
  const server = createServer((request, response) => {
    void answer(request)
      .catch(() => undefined)
      .then((status) =>
        status === undefined ? request.socket.destroy() : response.writeHead(status).end('Sign in\n'),
      );
  });
  return { port: await listenOnLoopback(server), stop: () => stopServing(server) };
};
