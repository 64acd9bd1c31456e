import type { Script } from '../../support/scripted-walk.ts';

/** What the steps of `backup` answer, and which states that leads through. */

export const INPUT = { environment: 'production', policy: 'daily' };
const SET = { ...INPUT, id: '1795230005_2026_11_21_18.10.0-ee' };
export const turn = (outcome: string, changes: object = {}) => ({
  outcome,
  waitSeconds: 120,
  asks: 1,
  reasons: ['a reason'],
  ...changes,
});
export const begun = turn('begun', { set: SET, kind: 'tar', reasons: [] });
export const look = (outcome: string) => ({
  outcome,
  waitSeconds: outcome === 'done' ? 0 : 20,
  message: 'a sentence',
});
export const job = (outcome: string) => ({ outcome, waitSeconds: 20, looks: 1, message: 'It was evicted.' });
export const started = (outcome: string) => ({
  outcome,
  waitSeconds: 120,
  asks: 1,
  reasons: ['taken'],
  warnings: [],
});
export const copy = (outcome: string) => ({ outcome, slices: 1, message: 'The checksum differs.' });
export const read = (outcome: string) => ({ Output: { outcome, ...SET, message: 'a sentence', found: 0 } });
export const finished = (outcome: string) => ({ outcome, message: 'It ended.', reasons: [] });
export const failure = (name: string): Error => Object.assign(new Error('no time today'), { name });

/** Everything goes well. */
export const WELL: Script = {
  BeginBackup: begun,
  ReadRelease: { outcome: 'read', message: '' },
  ProbeAccess: look('done'),
  CheckPreflight: { outcome: 'passed', reasons: [], warnings: ['The scratch disk is slow.'] },
  SetMarks: look('done'),
  StartBackupJob: started('started'),
  WatchBackupJob: job('succeeded'),
  MarkRepositories: look('done'),
  ExportSecrets: { outcome: 'exported', missing: [], warnings: [] },
  VerifyBackup: read('verified'),
  CopySet: copy('none'),
  FinishBackup: finished('verified'),
};
export const TURN = 'BeginBackup HasItsTurnCome';
export const LOOKED = `${TURN} ReadRelease ProbeAccess HasProbeEnded CheckPreflight MayItBegin`;
export const MARKED = `${LOOKED} SetMarks AreMarksSet StartBackupJob WasJobStarted`;
export const JOB = 'WatchBackupJob HasJobEnded MarkRepositories AreRepositoriesMarked';
export const MADE = `${MARKED} ${JOB} ExportSecrets VerifyBackup IsSetVerified`;
export const END = 'FinishBackup WasItADefect EndBackup';

/** A walk: what it is of, which answers are other ones, its states, and what its last step is told. */
export type Way = [what: string, changes: Script, states: string, told: object];
