import { describe, expect, it } from 'vitest';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { gitlabFiles, informationText, without } from './verify/gitlab-archive.ts';
import {
  codesOf,
  createVerifyWorld,
  DAY_MS,
  jobFact,
  releaseFacts,
  SET,
  unreadSet,
  type WorldOptions,
} from './verify-set-world.ts';

/** Uploads that are not in an archive: whether anybody misses them, only their bucket and the tool know. */

/** Everything but the uploads, which the tool lists as skipped whyever they are not there. */
const withoutUploads = async () => ({
  ...without(await gitlabFiles(), 'uploads.tar.gz'),
  'backup_information.yml': informationText({ skipped: ['uploads'] }),
});
const component = (changes: object) => ({
  components: [
    { component: 'uploads' as const, on: true, bucket: 'gl-uploads', path: 'global.uploads', ...changes },
  ],
});
const refused = (code: string): Error => new RefusedError(code, 'No.');

type Row = readonly [string, WorldOptions, string, readonly string[]];

describe('uploads that are not in the archive', () => {
  it.each<Row>([
    [
      'while their bucket held something when the backup began',
      { buckets: { 'gl-uploads': 'holds-objects' } },
      'incomplete',
      ['skipped-unasked uploads.tar.gz'],
    ],
    ['while their bucket is empty', { buckets: { 'gl-uploads': 'empty' } }, 'verified', []],
    [
      'while what lies in their bucket was written since',
      { buckets: { 'gl-uploads': 'unknown' } },
      'not-checked',
      ['part-unexplained uploads.tar.gz'],
    ],
    [
      'while what lies in their bucket was written since, and the tool said it was empty',
      {
        buckets: { 'gl-uploads': 'unknown' },
        job: jobFact({
          log: {
            ...jobFact().log,
            evidence: { ...jobFact().log.evidence, emptyParts: ['uploads'] },
          },
        }),
      },
      'verified',
      [],
    ],
    [
      'while their bucket may not be listed',
      { buckets: { 'gl-uploads': refused('archive.forbidden') } },
      'not-checked',
      ['part-unexplained uploads.tar.gz'],
    ],
    [
      'while S3 does not answer for their bucket',
      { buckets: { 'gl-uploads': new TransientError('archive.unavailable', 'Away.') } },
      'not-checked',
      ['part-unexplained uploads.tar.gz'],
    ],
    [
      'while they are switched off, and there is no bucket',
      {
        release: releaseFacts(component({ on: false })),
        buckets: { 'gl-uploads': refused('archive.no-bucket') },
      },
      'verified',
      [],
    ],
    [
      'while they are switched off, and S3 does not answer for their bucket',
      {
        release: releaseFacts(component({ on: false })),
        buckets: { 'gl-uploads': new TransientError('archive.unavailable', 'Away.') },
      },
      'not-checked',
      ['part-unexplained uploads.tar.gz'],
    ],
    [
      'while they are switched off, and no bucket is named',
      { release: releaseFacts(component({ on: false, bucket: undefined })) },
      'verified',
      [],
    ],
    [
      'while their bucket is of another cloud',
      { release: releaseFacts({ store: { provider: 'Google' } }) },
      'not-checked',
      ['part-unexplained uploads.tar.gz'],
    ],
    [
      'as the tool was told',
      { job: jobFact({ skipped: ['uploads'] }) },
      'incomplete',
      ['part-unmarked the bucket of uploads'],
    ],
    ['as the policy says', { set: unreadSet({ skip: ['uploads'] }) }, 'verified', []],
    [
      'while nobody knows the release',
      { release: { state: 'unknown', version: 1, readAt: '2025-11-21T02:00:00.000Z', problem: 'No.' } },
      'not-checked',
      ['part-unexplained uploads.tar.gz'],
    ],
  ])('%s', async (_, options, outcome, reasons) => {
    const world = await createVerifyWorld({
      files: await withoutUploads(),
      release: releaseFacts(),
      ...options,
    });
    expect(await world.verify()).toMatchObject({ outcome });
    expect(codesOf(await world.set())).toEqual(reasons);
  });

  it('are asked for as they were when the Job began, once and for all', async () => {
    const world = await createVerifyWorld({
      files: await withoutUploads(),
      release: releaseFacts(),
      job: jobFact({ startedAt: '2025-11-21T02:01:00.000Z' }),
      buckets: { 'gl-uploads': 'empty' },
    });
    await world.verify();
    expect(world.asked.map(({ bucket, before }) => [bucket, before?.toISOString()])).toEqual([
      ['gl-uploads', '2025-11-21T02:01:00.000Z'],
    ]);
    // Whoever asked now would be told of what was written since.
    world.deps.readSourceBucket = async () => 'holds-objects';
    world.clock.advance(DAY_MS);
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
    // A year later the facts of the run have expired.
    await world.ledger.remove(backupRunKey(SET, 'job'));
    await world.ledger.remove(backupRunKey(SET, 'release'));
    world.clock.advance(365 * DAY_MS);
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
    expect(world.asked).toHaveLength(1);
  });
});
