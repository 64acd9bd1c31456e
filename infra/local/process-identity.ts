import { readFile } from 'node:fs/promises';

import { execa } from 'execa';
import * as z from 'zod';

/**
 * One process, told apart from a later one that got the same pid: pids are reused, a pid together with the
 * time the process started is not.
 */
export const ProcessIdentity = z.object({ pid: z.int().positive(), startedAt: z.string() });
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

/** Reads who `pid` is now; undefined when there is no such process or it has already ended (a zombie). */
export const identifyProcess = async (pid: number): Promise<ProcessIdentity | undefined> => {
  const startedAt = process.platform === 'linux' ? await readLinuxStart(pid) : await readStartFromPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
};

/** Is that very process still running? */
export const isRunning = async (identity: ProcessIdentity): Promise<boolean> =>
  (await identifyProcess(identity.pid))?.startedAt === identity.startedAt;

/**
 * Field 22 of /proc/<pid>/stat: clock ticks since boot; field 3 is the state. The command in field 2 is in
 * parentheses and may hold spaces, so counting starts after the last one: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
const readLinuxStart = async (pid: number): Promise<string | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
};

const readStartFromPs = async (pid: number): Promise<string | undefined> => {
  const { stdout, exitCode } = await execa('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
    reject: false,
  });
  const [, state, start] = /^\s*(\S+)\s+(.+?)\s*$/.exec(stdout) ?? [];
  return exitCode === 0 && state !== undefined && !state.startsWith('Z') ? start : undefined;
};
