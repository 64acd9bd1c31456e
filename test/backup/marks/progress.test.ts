import { describe, expect, it } from 'vitest';
import { openProgress, type Stage } from '../../../functions/backup/marks/progress.ts';
import type { MarkProgress } from '../../../functions/records/backup/mark-progress.ts';

const NOW = new Date('2026-11-28T04:00:00.000Z');
const problems = [
  { code: 'bucket-unknown' as const, subject: 'the bucket of uploads', message: 'No answer.' },
];
const noted = (stage: Stage, execution: string): MarkProgress => ({
  version: 1,
  // By a clock that is ahead of ours: it decides nothing.
  startedAt: '2026-11-28T04:00:30.000Z',
  stage,
  execution,
  endedAt: '2026-11-28T04:01:00.000Z',
  off: ['pages'],
  problems,
});

describe('the marks of a set', () => {
  it('that this execution has set already are its answer', () => {
    const there = noted('again', 'night-2');
    expect(openProgress(there, 'again', { name: 'night-2' }, NOW)).toBe(there);
  });

  it('that another execution looked at are looked at anew, whatever its clock said', () => {
    expect(openProgress(noted('again', 'night-1'), 'again', { name: 'night-2' }, NOW)).toEqual({
      version: 1,
      startedAt: NOW.toISOString(),
      stage: 'again',
      execution: 'night-2',
      off: ['pages'],
      problems: [],
    });
  });

  it.each<[Stage, string, number]>([
    ['after-job', 'daily-1', 1],
    ['after-job', 'daily-2', 0],
    ['again', 'daily-1', 0],
  ])('in the stage %s of %s keep %i problems of the stage before the Job of daily-1', (stage, name, kept) => {
    const progress = openProgress(noted('before-job', 'daily-1'), stage, { name }, NOW);
    expect(progress).toMatchObject({ stage, problems: problems.slice(0, kept) });
    expect(progress.endedAt).toBeUndefined();
  });
});
