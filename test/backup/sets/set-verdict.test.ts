import { describe, expect, it } from 'vitest';
import { noteVerification } from '../../../functions/backup/sets/set-verdict.ts';
import { BackupSet } from '../../../functions/records/backup/set.ts';
import type { VerificationReason } from '../../../functions/records/backup/verification.ts';
import { buildSet, hoursAgo } from '../../support/backup-sets.ts';

const reasons = (count: number, result: VerificationReason['result'] = 'incomplete') =>
  Array.from({ length: count }, (_, index) => ({
    code: 'x',
    result,
    subject: `part-${index}`,
    message: 'm',
  }));
const later = { verdict: 'incomplete' as const, finishedAt: hoursAgo(0).toISOString(), reasons: reasons(60) };

describe('a verification', () => {
  it('is noted with its worst reasons and the count of all', () => {
    const noted = noteVerification(
      buildSet(),
      { ...later, reasons: [...reasons(60), ...reasons(9, 'note')] },
      'a/b.json',
    );
    expect(noted.ok && BackupSet.parse(noted.set)).toMatchObject({
      state: 'incomplete',
      verification: { verdict: 'incomplete', found: 60, record: 'a/b.json', reasons: reasons(50) },
    });
  });

  it('leaves when the set was taken as it was', () => {
    const noted = noteVerification(buildSet(), { ...later, verdict: 'verified', reasons: [] }, 'a/b.json');
    expect(noted.ok && noted.set.takenAt).toBe(buildSet().takenAt);
  });

  it.each<[string, Partial<BackupSet>, string, string]>([
    [
      'that ended before the one that is noted',
      {},
      '2026-11-21T04:50:59.000Z',
      'it was verified later already, at 2026-11-21T04:51:00.000Z',
    ],
    [
      'of a set that is being made',
      { state: 'running' },
      later.finishedAt,
      'a set that is running does not become incomplete',
    ],
    [
      'of a set that is gone',
      { state: 'deleted' },
      later.finishedAt,
      'a set that is deleted does not become incomplete',
    ],
  ])('%s is not noted', (_, changes, finishedAt, reason) => {
    const noted = noteVerification(buildSet(changes), { ...later, finishedAt }, 'a/b.json');
    expect(noted).toEqual({ ok: false, reason });
  });
});
