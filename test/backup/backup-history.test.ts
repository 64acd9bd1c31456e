import { describe, expect, test } from 'vitest';
import { allowedAsks } from '../../functions/backup/run/turn.ts';
import {
  MAX_JOB_LOOKS,
  MAX_MARK_LOOKS,
  MAX_PROBE_LOOKS,
  MAX_START_ASKS,
  MAX_TURN_ASKS,
} from '../../functions/records/backup/run-limits.ts';
import { MAX_COPY_SLICES } from '../../functions/records/backup/slices.ts';
import { listStates } from '../../infra/constructs/asl-definition.ts';
import { MAX_HISTORY_EVENTS, worstCaseHistory } from '../../infra/constructs/asl-history.ts';
import { countJobLooks } from '../support/job-looks.ts';
import { answerAsService, openWalks } from '../support/scripted-walk.ts';
import { readMachine } from '../support/walk-machine.ts';

/** Limits of Step Functions that a long backup must keep. */

const machine = readMachine('backup');
const LOOPS = {
  BeginBackup: MAX_TURN_ASKS,
  ProbeAccess: MAX_PROBE_LOOKS,
  SetMarks: MAX_MARK_LOOKS['before-job'],
  StartBackupJob: MAX_START_ASKS,
  WatchBackupJob: MAX_JOB_LOOKS,
  MarkRepositories: MAX_MARK_LOOKS['after-job'],
  CopySet: MAX_COPY_SLICES,
};

describe('the history of a backup', () => {
  test('stays below its limit with every loop at its end', () => {
    expect(worstCaseHistory(machine, LOOPS)).toBeLessThan(MAX_HISTORY_EVENTS);
  });

  test('of 12 hours that waits for nothing takes a third of it', () => {
    const calm = { BeginBackup: 1, ProbeAccess: 3, SetMarks: 1, StartBackupJob: 1, MarkRepositories: 1 };
    const events = worstCaseHistory(machine, { ...calm, WatchBackupJob: countJobLooks(12), CopySet: 2 });
    expect(events).toBeLessThan(MAX_HISTORY_EVENTS / 3);
  });

  test.each([12, 48])('has looks enough for a Job of %i hours, and for the reading of its log', (hours) => {
    expect(countJobLooks(hours)).toBeLessThan(MAX_JOB_LOOKS - 50);
  });

  test('ends its loops where the limits say', () => {
    const conditions = JSON.stringify(listStates(machine).map(([, state]) => state));
    expect(conditions).toContain(`$states.input.probes < ${MAX_PROBE_LOOKS}`);
    expect(conditions).toContain(`$states.input.marks < ${MAX_MARK_LOOKS['before-job']}`);
    expect(conditions).toContain(`$states.input.counts < ${MAX_MARK_LOOKS['after-job']}`);
    expect(allowedAsks('rate(30 days)')).toBe(MAX_TURN_ASKS);
  });

  test('is over before the machine is: waiting, the longest Job, its reading and its copy fit into its time', () => {
    const hours = [6, 2, 12, 4, 48.25, 4, 25, 12.5].reduce((sum, part) => sum + part, 0);
    expect(hours * 3_600).toBeLessThan(Number(machine.TimeoutSeconds));
  });
});

/** Step Functions developer guide, "Service quotas": input or output of a state, in bytes. */
const MAX_PAYLOAD = 256 * 1024;
/** A reason that nobody cut. */
const LONG = 'x'.repeat(20_000);

test('the payload stays below its limit whatever the functions have to say', async () => {
  const walks = await openWalks('backup', ({ called, scripted }) =>
    called.startsWith('arn:') ? answerAsService(scripted) : undefined,
  );
  const set = { environment: 'production', policy: 'daily', id: '1795230005_2026_11_21_18.10.0-ee' };
  const many = Array.from({ length: 100 }, () => LONG);
  const look = { outcome: 'done', waitSeconds: 0, message: LONG };
  const walked = await walks.walk(
    'backup',
    { environment: 'production', policy: 'daily' },
    {
      BeginBackup: { outcome: 'begun', waitSeconds: 1, asks: 1, set, kind: 'tar', reasons: [] },
      ReadRelease: { outcome: 'unknown', message: LONG },
      ProbeAccess: look,
      CheckPreflight: {
        outcome: 'passed',
        reasons: [],
        warnings: Array.from({ length: 20 }, () => LONG.slice(0, 600)),
      },
      SetMarks: look,
      StartBackupJob: { outcome: 'started', waitSeconds: 1, asks: 1, reasons: [], warnings: many },
      WatchBackupJob: { outcome: 'succeeded', waitSeconds: 1, looks: 1, message: LONG },
      MarkRepositories: look,
      ExportSecrets: { outcome: 'failed', reason: LONG, missing: many, warnings: many },
      VerifyBackup: { Output: { outcome: 'verified' } },
      CopySet: { outcome: 'failed', slices: 1, message: LONG },
      FinishBackup: { outcome: 'verified', message: '', reasons: [] },
    },
  );
  expect(JSON.stringify(walked.toldTo('FinishBackup')).length).toBeLessThan(MAX_PAYLOAD / 4);
});
