import { clusterOf } from '../records/configuration/lookup.ts';
import type { Configuration } from '../records/configuration.ts';
import { DefectError } from '../runtime/errors.ts';
import { connectKubernetes, type Kubernetes } from './kubernetes.ts';

/** Finds the Kubernetes API of an environment's cluster; one connection an environment and sandbox. */
export type Clusters = (environment: string) => Promise<Kubernetes>;

/**
 * Opens the clusters of a configuration, each when it is first asked for.
 *
 * @throws DefectError `environment.unknown` for an environment that drydock.yaml does not have: its references are
 * checked before a deploy, so an order that names one is older than the file.
 */
export const openClusters = (configuration: Configuration, connect = connectKubernetes): Clusters => {
  const connections = new Map<string, Promise<Kubernetes>>();
  return (name) => {
    const address = clusterOf(configuration, name);
    if (!address) {
      throw new DefectError('environment.unknown', `drydock.yaml has no environment ${name} any more.`);
    }
    const known = connections.get(name);
    if (known) return known;
    const connection = connect(address);
    connections.set(name, connection);
    // A connection that failed is not kept: the next call tries again.
    connection.catch(() => connections.delete(name));
    return connection;
  };
};
