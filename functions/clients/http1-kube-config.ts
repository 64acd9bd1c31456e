import { KubeConfig } from '@kubernetes/client-node';

/**
 * A kubeconfig that speaks HTTP/1.1 only: over HTTP/2 all calls share one session, and the API server ends it (GOAWAY)
 * with every refused token, so one expired token would break each watch and call that is under way.
 */
export class Http1KubeConfig extends KubeConfig {
  override createDispatcherOptions(
    ...args: Parameters<KubeConfig['createDispatcherOptions']>
  ): ReturnType<KubeConfig['createDispatcherOptions']> {
    const options = super.createDispatcherOptions(...args);
    if (options.type !== 'agent' && options.type !== 'proxy') return options;
    const connect: typeof options.connect & { allowH2: boolean } = { ...options.connect, allowH2: false };
    return { ...options, connect };
  }
}
