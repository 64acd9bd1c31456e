import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { verifyArchive } from '../../functions/backup/verify/verify-archive.ts';
import { openArchiveStore } from '../../functions/clients/archive-store.ts';
import type { Verification } from '../../functions/records/backup/verification.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { BACKUP_ID } from '../../infra/local/large-objects/archive-members.ts';
import { type LargeObjects, startLargeObjects } from '../../infra/local/large-objects/start-large-objects.ts';
import type { ArchivePlan } from '../../infra/local/large-objects/virtual-archive.ts';
import { connectS3 } from '../support/connect-s3.ts';

/** Every switch of the large-object stand-in, by the verdict on its archive: store, walk and rules together. */

const KEY = `${BACKUP_ID}_gitlab_backup.tar`;
const PLAN = { seed: 'verdicts', bytes: 3_000_000, members: 120, databaseBytes: 200_000 };
/** The buckets that the switches leave out hold something: otherwise nobody could know that they are missing. */
const EXPECTED = { sources: { uploads: 'holds-objects', lfs: 'holds-objects' } } as const;

let stand: LargeObjects;
beforeAll(async () => {
  stand = await startLargeObjects({ plainBuckets: ['plain'] });
});
afterEach(() => stand.trouble({}));
afterAll(() => stand.stop());

const verify = async (plan: Partial<ArchivePlan> = {}, bucket = 'versioned'): Promise<Verification> => {
  stand.put(bucket, KEY, { ...PLAN, ...plan });
  const patience = { attempts: 8, attemptMs: 10_000, pauseMs: 2 };
  const store = openArchiveStore({ bucket, key: KEY, client: connectS3(stand.url), patience });
  const outcome = await verifyArchive(
    { bucket, key: KEY, expectation: EXPECTED },
    { store, clock: systemClock },
  );
  if (outcome.state === 'unfinished') throw new Error('A verification without a deadline stopped.');
  return outcome.verification;
};
const codesOf = ({ reasons }: Verification): string[] =>
  reasons.filter(({ result }) => result !== 'note').map(({ code }) => code);

it.each<[string, Partial<ArchivePlan>]>([
  ['is right', {}],
  ['holds blocks that look like headers', { decoys: true }],
  ['has terabytes', { bytes: 4e12, databaseBytes: 200_000 }],
])('an archive that %s is verified', async (_, plan) => {
  const verification = await verify(plan);
  expect(codesOf(verification)).toEqual([]);
  expect(verification).toMatchObject({ verdict: 'verified', members: PLAN.members });
});

it.each<[string, Partial<ArchivePlan>, Verification['verdict'], string]>([
  [
    'was told to leave a bucket out that nobody asked for',
    { skipped: ['uploads'] },
    'incomplete',
    'skipped-unasked',
  ],
  ['misses a bucket without a word', { missing: ['lfs'] }, 'incomplete', 'skipped-unasked'],
  ['has a dump that failed', { unfinishedDump: true }, 'incomplete', 'dump-unfinished'],
  ['has no end blocks', { withoutEnd: true }, 'corrupt', 'cut'],
  ['is cut off', { truncatedTo: 1_600_000 }, 'corrupt', 'cut'],
  ['has a damaged header', { damagedHeader: 40 }, 'corrupt', 'damaged'],
])('an archive that %s is %s', async (_, plan, verdict, code) => {
  const verification = await verify(plan);
  expect(verification.verdict).toBe(verdict);
  expect(codesOf(verification)).toContain(code);
});

it('an archive is verified through an S3 that refuses, cuts and crawls', async () => {
  stand.trouble({ refuseEvery: 5, cutEvery: 7, slowEvery: 11, slowMs: 1 });
  expect(await verify()).toMatchObject({ verdict: 'verified', members: PLAN.members });
});

it('an archive that is overwritten while it is verified is verified still, in the version that was described', async () => {
  stand.trouble({ overwriteAfter: { reads: 3, plan: { ...PLAN, seed: 'other', withoutEnd: true } } });
  expect(await verify()).toMatchObject({ verdict: 'verified' });
});

it('without versions that is seen, and nothing is verified', async () => {
  stand.trouble({ overwriteAfter: { reads: 3, plan: { ...PLAN, seed: 'other' } } });
  const verification = await verify({}, 'plain');
  expect(verification.verdict).not.toBe('verified');
  expect(codesOf(verification)).toEqual(['changed-while-read']);
});
