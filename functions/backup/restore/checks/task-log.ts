import { stripVTControlCharacters } from 'node:util';
import { TASK_MARK } from '../restore-script.ts';

/** What one task of a Job wrote, between its marks. */
interface TaskLog {
  readonly lines: readonly string[];
  /** Undefined: the Job ended in the middle of it, or the log was cut. */
  readonly exitCode: number | undefined;
}

/** Cuts the log of a Job into its tasks; undefined for one that never began. */
export const readTask = (log: string, task: string): TaskLog | undefined => {
  const lines = stripVTControlCharacters(log).split(/\r?\n/);
  const begin = lines.findLastIndex((line) => line.trim() === `${TASK_MARK} begin ${task}`);
  if (begin < 0) return undefined;
  const rest = lines.slice(begin + 1);
  const mark = `${TASK_MARK} end ${task} `;
  const end = rest.findIndex((line) => line.startsWith(mark));
  if (end < 0) return { lines: rest, exitCode: undefined };
  const code = Number(rest[end]?.slice(mark.length));
  return { lines: rest.slice(0, end), exitCode: Number.isInteger(code) ? code : undefined };
};
