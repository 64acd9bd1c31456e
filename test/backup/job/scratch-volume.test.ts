import { describe, expect, it } from 'vitest';
import { readScratch, withoutScratch, withScratch } from '../../../functions/backup/job/scratch-volume.ts';
import { CronJob } from '../../../functions/records/kubernetes-job.ts';
import { chartCronJobBody } from '../../support/chart-cron-job.ts';

/** The pod of the chart's CronJob with another volume under the name of its scratch folder. */
const podWith = (volume: object, name = 'toolbox-tmp') => {
  const body = chartCronJobBody();
  const cronJob = CronJob.parse({ ...body, metadata: { ...body.metadata, namespace: 'gitlab', uid: 'c' } });
  const { spec } = cronJob.spec.jobTemplate.spec.template;
  return {
    ...spec,
    volumes: [
      { name, ...volume },
      { name: 'secrets', secret: { secretName: 's' } },
    ],
  };
};

const claim = (storage: string) => ({
  ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage } } } } },
});

describe('the scratch volume of the chart', () => {
  it.each([
    ['a disk of its own', claim('400Gi'), { kind: 'generic-ephemeral', bytes: 400 * 1024 ** 3 }],
    ['a disk of no size', claim('much'), { kind: 'generic-ephemeral' }],
    [
      'a claim',
      { persistentVolumeClaim: { claimName: 'gitlab-toolbox-backup-tmp' } },
      { kind: 'persistent' },
    ],
    ['the disk of the node', { emptyDir: {} }, { kind: 'node-disk' }],
    ['a share of it', { emptyDir: { sizeLimit: '20Gi' } }, { kind: 'node-disk', bytes: 20 * 1024 ** 3 }],
  ])('is %s', (_, volume, expected) => {
    expect(readScratch(podWith(volume))).toEqual(expected);
  });

  it('is none where nothing is mounted there', () => {
    expect(readScratch(podWith(claim('400Gi'), 'another'))).toBeUndefined();
  });

  it.each([
    ['a disk', claim('400Gi')],
    ['a claim', { persistentVolumeClaim: { claimName: 'tmp' } }],
  ])('is left out: %s', (_, volume) => {
    const pod = podWith(volume);
    const without = withoutScratch(pod);
    expect(without['volumes']).toEqual([{ name: 'toolbox-tmp', emptyDir: {} }, pod.volumes[1]]);
    expect({ ...without, volumes: [] }).toEqual({ ...pod, volumes: [] });
  });

  it.each([
    ['the disk of the node', { emptyDir: {} }],
    ['a claim that others mount too', { persistentVolumeClaim: { claimName: 'tmp' } }],
    ['a smaller disk', claim('10Gi')],
  ])('is a disk of its own instead of %s, where drydock.yaml wants one', (_, volume) => {
    const pod = podWith(volume);
    const withDisk = withScratch(pod, { size: '2Ti', storageClass: 'gp3' });
    expect(readScratch(withDisk)).toEqual({ kind: 'generic-ephemeral', bytes: 2 * 1024 ** 4 });
    expect(withDisk['volumes']).toEqual([
      {
        name: 'toolbox-tmp',
        ephemeral: {
          volumeClaimTemplate: {
            spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '2Ti' } },
              storageClassName: 'gp3',
            },
          },
        },
      },
      pod.volumes[1],
    ]);
  });

  it('leaves a pod without one as it is', () => {
    const pod = podWith(claim('1Gi'), 'another');
    expect(withoutScratch(pod)).toEqual(pod);
    expect(withScratch(pod, { size: '1Gi' })).toEqual(pod);
  });
});
