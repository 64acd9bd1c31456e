import type { RestoreFinding } from '../../../records/backup/restore.ts';
import { readTask } from './task-log.ts';

/** Code of the finding, by which a person overrides it. */
const DOCTOR_SECRETS = 'doctor-secrets';

/** Source: GitLab, lib/gitlab/doctor/secrets.rb: a line for each model, and the rows of all of them at the end. */
const TOTAL = /\bTotal: (\d+) row\(s\) affected/;
const MODEL = /- (\S+) failures: ([1-9]\d*)/;
const MAX_NAMED = 5;

/** Can what is encrypted in the database be read by the secrets that lie there? */
export const judgeDoctorSecrets = (log: string): RestoreFinding => {
  const found = { step: 'check' as const, check: DOCTOR_SECRETS };
  const task = readTask(log, 'gitlab:doctor:secrets');
  const total = task?.lines.flatMap((line) => TOTAL.exec(line)?.[1] ?? []).at(-1);
  if (task === undefined || total === undefined) {
    const message =
      'gitlab:doctor:secrets came to no end, so nobody knows whether encrypted values can be read.';
    return { ...found, result: 'not-checked', message };
  }
  if (Number(total) === 0) {
    return { ...found, result: 'pass', message: 'Every encrypted value of the database can be read.' };
  }
  const models = task.lines.flatMap((line) => {
    const [, model, count] = MODEL.exec(line) ?? [];
    return model === undefined ? [] : [`${model} ${count}`];
  });
  const named = models.slice(0, MAX_NAMED).join(', ');
  const message = `${total} rows of the database hold values that the secrets here can not read${named === '' ? '' : ` (${named})`}: other keys than those of the backup, or rows that were unreadable before.`;
  return { ...found, result: 'fail', message };
};
