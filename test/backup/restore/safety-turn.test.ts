import { describe, expect, test } from 'vitest';
import { type SafetyBackup, safetyTurn } from '../../../functions/backup/restore/turns/safety-turn.ts';
import { makeReason, type ReasonCode } from '../../../functions/backup/verify/reason-kinds.ts';
import type { BackupSet } from '../../../functions/records/backup/set.ts';

/** What a restore goes on with: only what leads back to what stands there now. */

const ID = '1795291501_2026_11_21_18.10.0-ee';
const ended = (state: BackupSet['state'], ...codes: readonly ReasonCode[]): SafetyBackup => ({
  state: 'ended',
  set: {
    id: ID,
    environment: 'production',
    policy: 'daily',
    state,
    verification: {
      at: '2026-11-21T20:05:18.812Z',
      verdict: state === 'verified' ? 'verified' : 'not-checked',
      reasons: codes.map((code) => makeReason(code, 'lfs.tar.gz', 'is so')),
      found: 0,
      record: 'record.json',
    },
  },
});

describe('a safety backup', () => {
  test.each<[string, SafetyBackup, string]>([
    ['that nobody has started is started', { state: 'none' }, 'act'],
    ['that runs is waited for', { state: 'running' }, 'wait'],
    ['that was not read yet is waited for', ended('unverified'), 'wait'],
    ['that is verified is gone on with', ended('verified'), 'done'],
    [
      'that is much smaller than those before is gone on with: what was lost since is what the restore is for',
      ended('not-checked', 'size-shrank', 'tables-fewer', 'no-checksum'),
      'done',
    ],
    [
      'of which something was not read fails it',
      ended('not-checked', 'size-shrank', 'part-unexplained'),
      'failed',
    ],
    ['that says nothing of why it was not read fails it', ended('not-checked'), 'failed'],
    ['that is cut fails it', ended('corrupt', 'cut'), 'failed'],
    ['that lacks a part fails it', ended('incomplete', 'skipped-unasked'), 'failed'],
    ['that is lost fails it', { state: 'lost', why: 'its execution was stopped' }, 'failed'],
  ])('%s', (_, seen, state) => {
    const turn = safetyTurn(seen);
    expect(turn.verdict.state).toBe(state);
    const set = state === 'done' ? { environment: 'production', policy: 'daily', id: ID } : undefined;
    expect(turn.safetySet).toEqual(set);
  });
});
