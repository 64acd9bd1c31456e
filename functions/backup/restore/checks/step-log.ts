import type { RestoreFinding, RestoreRun } from '../../../records/backup/restore.ts';
import type { RestoreStep } from '../../../records/backup/restore-plan.ts';
import { failed, type StepTurn } from '../step-turn.ts';
import { judgeAnalyseLog } from './analyse-log.ts';
import { judgeDoctorSecrets } from './doctor-secrets.ts';
import { judgeGitLabCheck } from './gitlab-check.ts';
import { judgeRepositoriesLog, judgeRestoreLog } from './restore-log.ts';

/** Steps whose Job has to say in words that all went well. */
const JUDGES: Readonly<Partial<Record<RestoreStep, (log: string, step: RestoreStep) => RestoreFinding[]>>> = {
  'restore-job': (log, step) => [judgeRestoreLog(log, step)],
  'restore-repositories': (log, step) => [judgeRepositoriesLog(log, step)],
  'put-back-job': (log, step) => [judgeRestoreLog(log, step)],
  analyse: (log) => [judgeAnalyseLog(log)],
  check: (log) => [judgeDoctorSecrets(log), ...judgeGitLabCheck(log)],
};

/**
 * Reads the log of a Job that ended with 0. What it says decides: a failure in it fails the step, and silence does
 * where the step is there to say something. A person may let a finding pass by its code.
 *
 * @param turn that says that the Job has ended well.
 */
export const judgeStepLog = (
  { plan }: Pick<RestoreRun, 'plan'>,
  step: RestoreStep,
  log: string,
  turn: StepTurn,
): StepTurn => {
  const findings = (JUDGES[step]?.(log, step) ?? []).map((finding): RestoreFinding => {
    const override = plan.request.overrides.find(({ check }) => check === finding.check);
    if (!override || finding.result === 'pass') return finding;
    return { ...finding, result: 'warn', message: `${finding.message} (passed over: ${override.why})` };
  });
  const bad = findings.filter(
    ({ result }) => result === 'fail' || (result === 'not-checked' && step === 'check'),
  );
  const reasons = bad.map(({ message }) => message);
  return { ...turn, findings, ...(reasons.length > 0 ? { verdict: failed(...reasons) } : {}) };
};
