import { describe, expect, it } from 'vitest';
import { markProgressKind } from '../../functions/records/backup/mark-progress.ts';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import {
  codesOf,
  createVerifyWorld,
  DAY_MS,
  jobFact,
  releaseFacts,
  SET,
  unreadSet,
} from './verify-set-world.ts';

/** What of a set is no archive: marks of buckets, recovery points. */

describe('the parts beside the archive', () => {
  const mark = {
    kind: 'bucket' as const,
    takenAt: '2025-11-21T02:05:00.000Z',
    component: 'registry',
    bucket: 'gl-registry',
    at: '2025-11-21T02:05:00.000Z',
    versioning: 'enabled' as const,
    replication: { status: 'complete' as const },
  };

  it('count as much as the archive does', async () => {
    const set = unreadSet({ parts: [{ ...mark, versioning: 'off' }] });
    const world = await createVerifyWorld({ set, job: jobFact({ skipped: ['registry'] }) });
    expect(await world.verify()).toMatchObject({ outcome: 'incomplete' });
    expect(codesOf(await world.set())).toEqual(['versions-off the bucket of registry']);
    expect((await world.set()).parts.map(({ kind }) => kind)).toEqual(['archive', 'bucket']);
  });

  it('are no part of a set whose archive held them before the policy moved them out', async () => {
    const world = await createVerifyWorld({ policy: { versions: ['uploads'] }, job: jobFact() });
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
  });

  it('are no recovery points that drydock.yaml names since then, and those that it named', async () => {
    const point = { vault: 'gitlab', resource: 'arn:aws:ec2:eu-central-1:111122223333:volume/vol-1' };
    const world = await createVerifyWorld();
    const now = world.deps.subjectOf();
    const later = { ...now, settings: { ...now.settings, recoveryPoints: [point] } };
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
    world.deps.subjectOf = () => later;
    world.clock.advance(DAY_MS);
    // Whoever looked at what drydock.yaml names by then found none of it.
    const startedAt = world.clock.now().toISOString();
    const subject = `the recovery point of ${point.resource}`;
    const problems = [{ code: 'recovery-point-missing' as const, subject, message: 'There is none.' }];
    await world.ledger.claim(markProgressKind, backupRunKey(SET, 'marks'), {
      version: 1,
      startedAt,
      stage: 'again',
      execution: 'daily-1',
      problems,
    });
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
    const other = await createVerifyWorld();
    other.deps.subjectOf = () => later;
    expect(await other.verify()).toMatchObject({ outcome: 'incomplete' });
  });

  it('are looked at again before a set is verified again, and not for the first time', async () => {
    const world = await createVerifyWorld({
      set: unreadSet({ parts: [mark] }),
      job: jobFact({ skipped: ['registry'] }),
    });
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
    world.clock.advance(DAY_MS);
    const reads = world.reads;
    const asked = await world.verify();
    expect(asked).toMatchObject({ outcome: 'look-first', set: SET });
    expect(world.reads).toBe(reads);
    const problems = [
      { code: 'bucket-missing' as const, subject: 'the bucket of registry', message: 'It is gone.' },
    ];
    const startedAt = world.clock.now().toISOString();
    const marks = { version: 1 as const, startedAt, stage: 'again', problems };
    await world.ledger.claim(markProgressKind, backupRunKey(SET, 'marks'), marks);
    expect(await world.verify({ looked: true })).toMatchObject({ outcome: 'incomplete' });
    expect(codesOf(await world.set())).toEqual(['bucket-missing the bucket of registry']);
  });

  it.each([
    ['by this execution before its clock said that it began', 'weekly-2', -3_600_000, 'verified'],
    ['by another one after its clock said that this began', 'weekly-1', 3_600_000, 'look-first'],
  ])('that were looked at %s: %s', async (_, by, offsetMs, outcome) => {
    const world = await createVerifyWorld({
      set: unreadSet({ parts: [mark] }),
      job: jobFact({ skipped: ['registry'] }),
    });
    await world.verify();
    world.clock.advance(DAY_MS);
    const startedAt = new Date(world.clock.now().getTime() + offsetMs).toISOString();
    const marks = { version: 1 as const, startedAt, stage: 'again', execution: by, problems: [] };
    await world.ledger.claim(markProgressKind, backupRunKey(SET, 'marks'), marks);
    expect(await world.verify({}, { execution: 'weekly-2' })).toMatchObject({ outcome });
  });

  it('are all that a native set is judged by', async () => {
    const world = await createVerifyWorld({
      set: unreadSet({ kind: 'native', skip: ['db', 'repositories'], parts: [mark] }),
      release: releaseFacts({ components: [{ component: 'uploads', on: true, path: 'global.uploads' }] }),
    });
    expect(await world.verify()).toMatchObject({ outcome: 'incomplete' });
    expect(world.reads).toBe(0);
    expect(codesOf(await world.set())).toContain('part-unmarked the bucket of uploads');
    expect((await world.set()).parts).toEqual([mark]);
  });
});
