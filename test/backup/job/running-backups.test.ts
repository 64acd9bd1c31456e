import { expect, test } from 'vitest';
import { findRunningBackups, hasEnded } from '../../../functions/backup/job/running-backups.ts';
import type { Job } from '../../../functions/records/kubernetes-job.ts';
import { buildJob } from '../../support/job-builders.ts';

const ended = (type: string, status = 'True'): Pick<Job, 'conditions'> => ({
  conditions: [{ type, status, reason: '', message: '' }],
});

test('of the Jobs of a namespace, those are found that back GitLab up and have not ended', () => {
  const { startedAt: _, ...suspended } = buildJob({ name: 'another-way', suspended: true });
  const neverStarted = { ...suspended, createdAt: '2026-03-01T11:00:00Z' };
  const found = findRunningBackups([
    buildJob({ name: 'ours', annotations: { 'drydock.dev/job-id': '1772366400_2026_03_01_18.10.0-ee' } }),
    buildJob({
      name: 'scheduled',
      annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-03-01T01:00:00Z' },
    }),
    buildJob({
      name: 'by-hand',
      annotations: {
        'cronjob.kubernetes.io/instantiate': 'manual',
        'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-03-01T01:00:00Z',
      },
    }),
    neverStarted,
    buildJob({ name: 'going', deleting: true }),
    buildJob({ name: 'failing', ...ended('Failed', 'False') }),
    buildJob({ name: 'done', ...ended('Complete') }),
    buildJob({ name: 'failed', ...ended('Failed') }),
    buildJob({ name: 'migrations', podLabels: { app: 'migrations' } }),
    buildJob({ name: 'of-others', containers: ['restore'] }),
  ]);
  expect(found.map(({ job, startedBy }) => [job, startedBy])).toEqual([
    ['ours', 'drydock'],
    ['scheduled', 'schedule'],
    ['by-hand', 'hand'],
    ['another-way', 'hand'],
    ['going', 'hand'],
    ['failing', 'hand'],
  ]);
  expect(found[0]).toMatchObject({ since: '2026-03-01T12:00:00.000Z', backupId: expect.any(String) });
  expect(found[3]).toEqual({ job: 'another-way', since: '2026-03-01T11:00:00Z', startedBy: 'hand' });
});

test('a Job has ended when it is complete or failed, and not when one of both is meant to come', () => {
  expect(hasEnded(buildJob(ended('Complete')))).toBe(true);
  expect(hasEnded(buildJob(ended('Failed')))).toBe(true);
  expect(hasEnded(buildJob(ended('FailureTarget')))).toBe(false);
});
