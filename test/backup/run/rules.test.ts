import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookInterval } from '../../../functions/backup/run/look-interval.ts';
import { findMadeSince } from '../../../functions/backup/run/made-since.ts';
import { noteFailed, noteWritten, sumSizes } from '../../../functions/backup/run/set-moves.ts';
import { stepTimings } from '../../../functions/backup/run/step-timings.ts';
import { allowedAsks, describeHolder } from '../../../functions/backup/run/turn.ts';
import type { BackupSetState } from '../../../functions/records/backup/set.ts';
import type { BackupSetEntry } from '../../../functions/records/backup/set-index.ts';
import { buildEntry } from '../../support/backup-sets.ts';
import { buildRunningSet, RUN_TIME } from '../../support/backup-step.ts';

describe('the next look at a Job', () => {
  it.each([
    [0, 2],
    [60, 2],
    [600, 20],
    [5_400, 180],
    [172_800, 180],
  ])('after %i s comes in %i s', (seconds, wait) => {
    expect(lookInterval(seconds)).toBe(wait);
  });

  it('is never further away than it is late by: a thirtieth of what has passed, but for the first minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 200_000 }), (seconds) => {
        expect(lookInterval(seconds)).toBeLessThanOrEqual(Math.ceil(seconds / 30));
        expect(lookInterval(seconds + 1)).toBeGreaterThanOrEqual(lookInterval(seconds));
      }),
    );
  });
});

describe('what the same policy made since a run was asked for', () => {
  const asked = new Date('2026-11-21T03:00:00.500Z');
  const of = (second: number, state: BackupSetState) =>
    buildEntry(0, { id: `${1_795_230_000 + second}_2026_11_21_18.10.0-ee`, state });
  it.each<[string, BackupSetEntry, boolean]>([
    ['one of the same second counts', of(0, 'verified'), true],
    ['one that turned out bad counts, and is told as such', of(60, 'corrupt'), true],
    ['one of before does not', of(-1, 'verified'), false],
    ['one that failed does not', of(60, 'failed'), false],
    ['one that nobody finished does not', of(60, 'running'), false],
  ])('%s', (_, set, counts) => {
    expect(findMadeSince([set], asked)).toBe(counts ? set : undefined);
  });
});

describe('a run asks for its turn', () => {
  it.each([
    ['cron(0 3 * * ? *)', 180, 'for six hours, when it comes once a day'],
    ['cron(0 * * * ? *)', 29, 'until just before the next, when it comes each hour'],
    ['rate(15 minutes)', 6, 'until just before the next, when it comes each quarter'],
    ['rate(1 minute)', 1, 'at least once, of a schedule that nobody allows'],
  ])('%s: %i times, %s', (schedule, asks) => {
    expect(allowedAsks(schedule)).toBe(asks);
  });

  it('and names who has it, also when that lock is free by now', () => {
    expect(describeHolder('production', { owner: null, acquiredAt: RUN_TIME }, 0)).toBe(
      `The execution nobody any more has had production to itself since ${RUN_TIME}.`,
    );
  });
});

const at = (minute: number): string => `2026-11-21T03:${String(minute).padStart(2, '0')}:00.000Z`;

describe('what each step took', () => {
  it('goes from the end of the one before it to its own', () => {
    expect(stepTimings({ begin: at(0), preflight: at(2), marks: at(3), job: at(40) })).toEqual({
      preflight: { startedAt: at(0), endedAt: at(2) },
      marks: { startedAt: at(2), endedAt: at(3) },
      job: { startedAt: at(3), endedAt: at(40) },
    });
  });

  it('passes over a step that never was, and says nothing of one whose begin is not known', () => {
    expect(stepTimings({ begin: at(0), preflight: at(2), secrets: at(5) })).toEqual({
      preflight: { startedAt: at(0), endedAt: at(2) },
      secrets: { startedAt: at(2), endedAt: at(5) },
    });
    expect(stepTimings({ preflight: at(2) })).toEqual({});
  });
});

const bucket = (takenAt: string) => ({
  kind: 'bucket' as const,
  takenAt,
  component: 'registry',
  bucket: 'gl-registry',
  at: takenAt,
  versioning: 'enabled' as const,
  replication: { status: 'complete' as const },
});
const gitaly = (size?: number) => ({
  kind: 'gitaly' as const,
  takenAt: at(20),
  id: 'x',
  bucket: 'acme-gitaly',
  ...(size === undefined ? {} : { size }),
});

describe('a set that was written', () => {
  it.each([
    [at(9), [at(3), at(7)], at(3)],
    [at(1), [at(3), at(7)], at(1)],
    [undefined, [at(3)], at(3)],
    [undefined, [], RUN_TIME],
  ])('of a Job of %s and marks of %j holds for %s', (began, marks, takenAt) => {
    const set = buildRunningSet({ parts: marks.map(bucket) });
    expect(noteWritten(set, began)).toMatchObject({ state: 'unverified', takenAt });
  });

  it.each([
    ['beside a Job counts for nothing', at(9), at(9)],
    ['alone is what the set holds for', undefined, at(1)],
  ])('whose recovery point %s', (_, began, takenAt) => {
    const point = {
      kind: 'recovery-point' as const,
      takenAt: at(1),
      arn: 'arn:aws:backup:eu-central-1:111122223333:recovery-point:x',
      vault: 'nightly',
      resource: 'arn:aws:rds:eu-central-1:111122223333:db:gitlab',
      resourceType: 'RDS',
    };
    expect(noteWritten(buildRunningSet({ parts: [point] }), began)).toMatchObject({ takenAt });
  });

  it.each(['unverified', 'failed', 'deleted'] as const)('and is %s stays so', (state) => {
    const set = { ...buildRunningSet(), state };
    expect(noteWritten(set, at(1))).toBeUndefined();
    expect(noteFailed(set, { code: 'x', message: 'y' })).toBeUndefined();
  });

  it('is as large as its parts whose size is known, in more than 32 bits', () => {
    const parts = [gitaly(3_000_000_000_000), gitaly(), bucket(at(1)), gitaly(2)];
    expect(sumSizes({ parts })).toBe(3_000_000_000_002);
    expect(sumSizes({ parts: [gitaly()] })).toBeUndefined();
  });
});
