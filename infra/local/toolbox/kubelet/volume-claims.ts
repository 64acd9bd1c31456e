import { setTimeout as delay } from 'node:timers/promises';
import {
  CoreV1Api,
  type KubeConfig,
  makeInformer,
  StorageV1Api,
  type V1PersistentVolumeClaim,
} from '@kubernetes/client-node';

/** The storage class of the claims that are served here, as a cluster on EKS mostly has it. */
export const STORAGE_CLASS = 'gp3';

const PROVISIONER = 'local.drydock.dev/folder';
/** Written by the scheduler, once it knows where the pod of a claim goes. */
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const RETRY_MS = 500;

/**
 * Gives claims of pods on one node their volumes, as the driver of EBS does: it makes a PersistentVolume for each claim
 * that waits for one, and deletes it with the claim. Behind it is an empty folder of the pod; its size limits nothing.
 */
export const serveVolumeClaims = async (
  config: KubeConfig,
  node: string,
): Promise<{ stop(): Promise<void> }> => {
  const core = config.makeApiClient(CoreV1Api);
  await config.makeApiClient(StorageV1Api).createStorageClass({
    body: {
      metadata: { name: STORAGE_CLASS },
      provisioner: PROVISIONER,
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
  });
  const over = new AbortController();
  const serve = (claim: V1PersistentVolumeClaim): void => {
    const isOurs = claim.metadata?.annotations?.[SELECTED_NODE] === node;
    if (!isOurs || claim.spec?.storageClassName !== STORAGE_CLASS || claim.spec.volumeName) return;
    // A second event of the same claim finds its volume there.
    void core.createPersistentVolume({ body: describeVolume(claim) }).catch(() => undefined);
  };
  const informer = makeInformer(config, '/api/v1/persistentvolumeclaims', () =>
    core.listPersistentVolumeClaimForAllNamespaces(),
  );
  informer.on('add', serve);
  informer.on('update', serve);
  informer.on('delete', (claim) => {
    void core.deletePersistentVolume({ name: nameVolume(claim) }).catch(() => undefined);
  });
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      try {
        return await informer.start();
      } catch {
        await delay(RETRY_MS);
      }
    }
  };
  informer.on('error', () => void delay(RETRY_MS).then(watch));
  await watch();
  return {
    stop: async () => {
      over.abort();
      await informer.stop();
    },
  };
};

const nameVolume = ({ metadata }: V1PersistentVolumeClaim): string => `pvc-${metadata?.uid}`;

const describeVolume = (claim: V1PersistentVolumeClaim) => {
  const { namespace = '', name = '', uid = '' } = claim.metadata ?? {};
  return {
    metadata: {
      name: nameVolume(claim),
      annotations: { 'pv.kubernetes.io/provisioned-by': PROVISIONER },
    },
    spec: {
      accessModes: claim.spec?.accessModes ?? ['ReadWriteOnce'],
      capacity: { storage: claim.spec?.resources?.requests?.['storage'] ?? '1Gi' },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: STORAGE_CLASS,
      hostPath: { path: `/var/lib/local/${nameVolume(claim)}` },
    },
  };
};
