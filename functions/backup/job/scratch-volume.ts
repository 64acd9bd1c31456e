import * as z from 'zod';
import type { CronJob } from '../../records/kubernetes-job.ts';
import { parseByteSize } from '../values/byte-size.ts';
import { BACKUP_CONTAINER } from './backup-container.ts';

/** The disk on which the tool puts an archive together, in the pod template of the chart's CronJob. */

/** Where it is mounted. Source: GitLab chart 9 and 10, charts/gitlab/charts/toolbox/templates/backup-job.yaml. */
const SCRATCH_PATH = '/srv/gitlab/tmp';

type PodSpec = CronJob['spec']['jobTemplate']['spec']['template']['spec'];

const Mounts = z.array(z.object({ name: z.string(), mountPath: z.string() })).catch([]);
const Volumes = z.array(z.looseObject({ name: z.string() })).catch([]);

const Requested = z.object({
  volumeClaimTemplate: z.object({
    spec: z.object({ resources: z.object({ requests: z.object({ storage: z.string() }) }) }),
  }),
});
const Limited = z.object({ sizeLimit: z.string() });

/** What a pod template says of it. Bytes are those that are asked for; absent where the template does not say. */
export interface ScratchVolume {
  readonly kind: 'generic-ephemeral' | 'persistent' | 'node-disk';
  readonly bytes?: number;
}

/** Reads it; undefined where nothing is mounted there, and the tool writes to the disk of the container. */
export const readScratch = (spec: PodSpec): ScratchVolume | undefined => {
  const name = nameScratch(spec);
  const volume = Volumes.parse(spec['volumes']).find((one) => one.name === name);
  if (!volume) return undefined;
  if (volume['ephemeral'] !== undefined) {
    const asked = Requested.safeParse(volume['ephemeral']);
    const { storage = '' } = asked.data?.volumeClaimTemplate.spec.resources.requests ?? {};
    return { kind: 'generic-ephemeral', ...sized(storage) };
  }
  if (volume['persistentVolumeClaim'] !== undefined) return { kind: 'persistent' };
  return { kind: 'node-disk', ...sized(Limited.safeParse(volume['emptyDir']).data?.sizeLimit ?? '') };
};

/**
 * The same pod with an empty folder in its place: for a pod that needs no room, and must not take a volume that one
 * node may mount at a time from a backup.
 */
export const withoutScratch = (spec: PodSpec): PodSpec => replaceScratch(spec, { emptyDir: {} });

/** A disk that is made for one pod, and goes with it. */
export interface ScratchDisk {
  /** `400Gi`. */
  readonly size: string;
  readonly storageClass?: string;
}

/**
 * The same pod with a disk of its own in its place, whatever the chart gives it. A pod that has nothing there stays as
 * it is.
 *
 * Source: Kubernetes documentation, "Ephemeral Volumes", generic ephemeral volumes.
 */
export const withScratch = (spec: PodSpec, { size, storageClass }: ScratchDisk): PodSpec =>
  replaceScratch(spec, {
    ephemeral: {
      volumeClaimTemplate: {
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: size } },
          ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        },
      },
    },
  });

const replaceScratch = (spec: PodSpec, source: object): PodSpec => {
  const name = nameScratch(spec);
  const volumes = Volumes.parse(spec['volumes']);
  if (!volumes.some((one) => one.name === name)) return spec;
  return { ...spec, volumes: volumes.map((one) => (one.name === name ? { name, ...source } : one)) };
};

const nameScratch = ({ containers }: PodSpec): string | undefined => {
  const container = containers.find(({ name }) => name === BACKUP_CONTAINER);
  return Mounts.parse(container?.['volumeMounts']).find(({ mountPath }) => mountPath === SCRATCH_PATH)?.name;
};

const sized = (text: string): { readonly bytes?: number } => {
  const bytes = parseByteSize(text);
  return bytes === undefined ? {} : { bytes };
};
