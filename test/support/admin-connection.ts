import { KubeConfig } from '@kubernetes/client-node';
import { type KubernetesConnection, TokenKubeConfig } from '../../functions/clients/kubernetes-connection.ts';

/** A connection with a kubeconfig's own rights, for tests of the API and not of who we are. */
export const connectAsAdmin = (kubeconfig: string): KubernetesConnection => connectWith(kubeconfig, {});

/** A connection as somebody in `group`, by impersonation; rights are then those of the group alone. */
export const connectAsGroup = (kubeconfig: string, group: string): KubernetesConnection =>
  connectWith(kubeconfig, { 'Impersonate-User': `test-of-${group}`, 'Impersonate-Group': group });

/** The library's own configuration, to prepare what a test needs. */
export const loadKubeconfig = (kubeconfig: string): KubeConfig => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config;
};

const connectWith = (kubeconfig: string, headers: Record<string, string>): KubernetesConnection => {
  const token = loadKubeconfig(kubeconfig).getCurrentUser()?.token;
  const authorization = token ? { Authorization: `Bearer ${token}` } : {};
  const config = new TokenKubeConfig(async () => ({ ...authorization, ...headers }));
  config.loadFromFile(kubeconfig);
  return { cluster: 'test', config: async () => config, renew: () => undefined };
};
