import { describe, expect, it } from 'vitest';
import { failEndedRun, judgeEndedRun } from '../../../functions/backup/upkeep/ended-run.ts';
import type { ExecutionState } from '../../../functions/clients/executions.ts';
import { BackupSet } from '../../../functions/records/backup/set.ts';
import { BACKUP_TIME, buildEntry, hoursAgo } from '../../support/backup-sets.ts';
import { manifestOf } from '../../support/backup-upkeep.ts';

const execution = (status: ExecutionState['status'], minutesAgo?: number): ExecutionState => ({
  status,
  startedAt: hoursAgo(5),
  stoppedAt: minutesAgo === undefined ? undefined : hoursAgo(minutesAgo / 60),
  output: undefined,
  error: undefined,
  cause: undefined,
});
const set = manifestOf(buildEntry(5, { state: 'running' }));

describe('a set that is noted as running', () => {
  it.each<[string, ExecutionState | undefined, RegExp]>([
    ['runs while its execution does', execution('running'), /^It runs/],
    ['is left to the handler of failures at first', execution('failed', 9), /^It runs/],
    ['has ended when its execution failed', execution('failed', 11), /ended as failed at 2026-11-21T11:49/],
    ['has ended when its execution was aborted', execution('aborted', 11), /ended as aborted/],
    ['has ended also when its execution succeeded', execution('succeeded', 11), /ended as succeeded/],
    ['has ended when nobody knows its execution', undefined, /knows no execution/],
  ])('%s', (_, state, reason) => {
    expect(judgeEndedRun(set, state, BACKUP_TIME) ?? 'It runs.').toMatch(reason);
  });

  it('is not judged right after its start, when Step Functions may not know it yet', () => {
    expect(
      judgeEndedRun(manifestOf(buildEntry(0.1, { state: 'running' })), undefined, BACKUP_TIME),
    ).toBeUndefined();
  });

  it('fails with the reason, and stays what somebody else noted meanwhile', () => {
    expect(BackupSet.parse(failEndedRun(set, 'why', BACKUP_TIME))).toMatchObject({
      state: 'failed',
      endedAt: BACKUP_TIME.toISOString(),
      failure: { code: 'execution-ended', message: 'why' },
    });
    expect(failEndedRun(manifestOf(buildEntry(5)), 'why', BACKUP_TIME)).toBeUndefined();
  });
});
