import { describe, expect, it } from 'vitest';
import { judgeAnalyseLog } from '../../../functions/backup/restore/checks/analyse-log.ts';
import { judgeDoctorSecrets } from '../../../functions/backup/restore/checks/doctor-secrets.ts';
import { judgeGitLabCheck } from '../../../functions/backup/restore/checks/gitlab-check.ts';
import { judgeRestoreLog } from '../../../functions/backup/restore/checks/restore-log.ts';
import { judgeStepLog } from '../../../functions/backup/restore/checks/step-log.ts';
import { done, plainTurn } from '../../../functions/backup/restore/step-turn.ts';
import { buildPlan } from './restore-builders.ts';
import { GOOD_LOG } from './restore-world.ts';

const RED = '\u001B[31m';
const check = (...lines: string[]): string =>
  [
    'drydock: begin gitlab:check SANITIZE=true',
    'Checking Gitaly ...',
    'Gitaly: ... default ... OK',
    'Checking Gitaly ... Finished',
    'Checking Sidekiq ...',
    'Sidekiq: ... Running? ... no',
    'Checking Sidekiq ... Finished',
    'Checking GitLab App ...',
    'Database contains orphaned GroupMembers? ... no',
    ...lines,
    'Checking GitLab App ... Finished',
    'drydock: end gitlab:check SANITIZE=true 0',
  ].join('\n');

describe('what GitLab says of itself', () => {
  it.each([
    [
      'pass',
      'all is as it can be while Sidekiq is at 0',
      check('All migrations up? ... yes', 'Init script exists? ... skipped'),
    ],
    ['fail', 'a migration is missing', check(`All migrations up? ... ${RED}no`)],
    ['fail', 'Gitaly does not answer', check().replace('default ... OK', 'default ... FAIL: 14:connections')],
    ['warn', 'something else is not well', check('Uploads directory exists? ... no')],
    ['not-checked', 'it broke off', check().replace('Checking GitLab App ... Finished', '')],
    ['not-checked', 'it never began', ''],
  ])('is %s when %s', (result, _, log) => {
    expect(judgeGitLabCheck(log).map((finding) => finding.result)).toEqual([result]);
  });

  it('names what failed, and no secret of it', () => {
    const log = check().replace('default ... OK', 'default ... FAIL: https://root:hunter2hunter2@gitaly');
    const [finding] = judgeGitLabCheck(log);
    expect(finding?.message).toContain('Gitaly: default FAIL');
    expect(finding?.message).not.toContain('hunter2');
  });
});

const doctor = (...lines: string[]): string => ['drydock: begin gitlab:doctor:secrets', ...lines].join('\n');

describe('what the doctor of secrets says', () => {
  it.each([
    ['pass', doctor('- User failures: 0', `${RED}Total: 0 row(s) affected`)],
    ['fail', doctor('- Ci::Variable failures: 12', 'Total: 12 row(s) affected')],
    ['not-checked', doctor('- User failures: 0')],
    ['not-checked', 'Total: 0 row(s) affected'],
  ])('%s: %j', (result, log) => {
    expect(judgeDoctorSecrets(log).result).toBe(result);
  });

  it('names the models', () => {
    expect(
      judgeDoctorSecrets(doctor('- Ci::Variable failures: 12', 'Total: 12 row(s) affected')).message,
    ).toContain('Ci::Variable 12');
  });
});

describe('what the tool wrote, ending with 0', () => {
  it.each([
    ['pass', 'Restoring database ... [DONE]'],
    ['pass', 'psql:db.sql:12: ERROR:  must be owner of extension pg_trgm'],
    ['fail', 'psql:db.sql:99: ERROR:  relation "users" does not exist'],
    ['fail', '{"level":"error","msg":"restore failed","repository":"a"}'],
    ['fail', 'rake aborted!'],
    ['fail', 'upload failed: ./a to s3://acme-uploads/a'],
    ['not-checked', ''],
  ])('is %s for %j', (result, log) => {
    expect(judgeRestoreLog(log, 'restore-job').result).toBe(result);
  });
});

describe('ANALYZE', () => {
  it('counts when it says of which database it was', () => {
    expect(judgeAnalyseLog('drydock: analysed main\ndrydock: analysed ci')).toMatchObject({
      result: 'pass',
      message: expect.stringContaining('main, ci'),
    });
    expect(judgeAnalyseLog('nothing')).toMatchObject({ result: 'warn' });
  });
});

describe('the log of a step', () => {
  const turn = plainTurn(done('its Job has ended'));
  const plan = buildPlan();

  it('fails a step whose check failed, or said nothing', () => {
    expect(judgeStepLog({ plan }, 'check', GOOD_LOG, turn).verdict.state).toBe('done');
    expect(judgeStepLog({ plan }, 'check', '', turn).verdict.state).toBe('failed');
    expect(judgeStepLog({ plan }, 'restore-job', 'rake aborted!', turn).verdict.state).toBe('failed');
  });

  it('passes over what a person named before', () => {
    const overrides = [{ check: 'doctor-secrets', why: '12 rows were unreadable before' }];
    const waived = { ...plan, request: { ...plan.request, overrides } };
    const log = GOOD_LOG.replace('Total: 0 row', 'Total: 12 row');
    expect(judgeStepLog({ plan }, 'check', log, turn).verdict.state).toBe('failed');
    expect(judgeStepLog({ plan: waived }, 'check', log, turn)).toMatchObject({
      verdict: { state: 'done' },
      findings: expect.arrayContaining([
        expect.objectContaining({ check: 'doctor-secrets', result: 'warn' }),
      ]),
    });
  });
});
