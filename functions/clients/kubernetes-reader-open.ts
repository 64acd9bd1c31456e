import * as z from 'zod';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { TransientError } from '../runtime/errors.ts';
import { watchAbsence } from './kubernetes-absence.ts';
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
export const openKubernetesReader = (
  connection: KubernetesConnection,
  clock: Clock = systemClock,
): KubernetesReader => {
  const asker = { connection, clock, absence: watchAbsence(clock) };
  return {
    readVersion: async (signal) => {
      const parsed = Version.safeParse(await askKubernetes(asker, VERSION, signal, readJson));
      if (parsed.success) return parsed.data.gitVersion;
      throw new TransientError('kubernetes.unavailable', 'Could not read the version: the answer has none.');
    },
    discover: (signal) => discover(asker, signal),
    listMetadata: (question, signal) => listMetadata(asker, question, signal),
    listObjects: (question, signal) => listObjects(asker, question, signal),
    readRequestedApis: (signal) => readRequestedApis(asker, signal),
  };
};
