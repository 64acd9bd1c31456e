import * as z from 'zod';
import { TransientError } from '../runtime/errors.ts';
import type { KubernetesConnection } from './kubernetes-connection.ts';
import { discover } from './kubernetes-discovery.ts';
import { listMetadata, listObjects } from './kubernetes-lists.ts';
import type { KubernetesReader } from './kubernetes-reader.ts';
import { askKubernetes, readJson } from './kubernetes-request.ts';
import { readRequestedApis } from './kubernetes-requested-apis.ts';

const Version = z.object({ gitVersion: z.string() });

const VERSION = {
  action: 'read the version',
  permission: 'get /version',
  path: '/version',
  accept: 'application/json',
};

/** Reads a cluster over any connection: as the role of a Lambda, or with somebody's own kubeconfig. */
export const openKubernetesReader = (connection: KubernetesConnection): KubernetesReader => ({
  readVersion: async (signal) => {
    const parsed = Version.safeParse(await askKubernetes(connection, VERSION, signal, readJson));
    if (parsed.success) return parsed.data.gitVersion;
    throw new TransientError('kubernetes.unavailable', 'Could not read the version: the answer has none.');
  },
  discover: (signal) => discover(connection, signal),
  listMetadata: (question, signal) => listMetadata(connection, question, signal),
  listObjects: (question, signal) => listObjects(connection, question, signal),
  readRequestedApis: (signal) => readRequestedApis(connection, signal),
});
