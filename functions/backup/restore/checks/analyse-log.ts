import type { RestoreFinding } from '../../../records/backup/restore.ts';
import { TASK_MARK } from '../restore-script.ts';

/** Were the statistics of the database made anew? Without them queries of the first day may take minutes. */
export const judgeAnalyseLog = (log: string): RestoreFinding => {
  const names = [...log.matchAll(new RegExp(`^${TASK_MARK} analysed (\\w+)`, 'gm'))].map(([, name]) => name);
  const found = { step: 'analyse' as const, check: 'analyse' };
  return names.length > 0
    ? { ...found, result: 'pass', message: `Statistics were made anew of ${names.join(', ')}.` }
    : { ...found, result: 'warn', message: 'Nothing says that ANALYZE ran; run it by hand.' };
};
