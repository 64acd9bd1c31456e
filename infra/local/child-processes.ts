import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { guardChild } from './child-guard.ts';
import { recordChild } from './stale-children.ts';

export interface StartChild {
  /** Names its log, its record and its errors: `etcd`. Unique in the folder. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited but PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** The run's folder: logs go to `logs/`, records of running processes to `processes/`. */
  readonly folder: string;
  /** Asks the part itself whether it serves; asked until it says true. */
  readonly isReady: () => Promise<boolean>;
  readonly readyTimeoutMs?: number;
}

export interface RunningChild {
  readonly pid: number;
  readonly logFile: string;
  /** SIGTERM, then SIGKILL after the grace; resolves when it is gone. Calling it again is harmless. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Freezes it: connections are accepted by the kernel and never answered. */
  pause(): void;
  resume(): void;
}

const READY_POLL_MS = 25;
const GRACE_MS = 5_000;

/**
 * Starts a part of the local world and waits until it serves.
 *
 * It leads a process group of its own, so Ctrl-C does not reach it before our orderly stop, and is guarded:
 * when this process dies in any way, it ends too.
 *
 * @throws Error with the end of its log, when it ends or stays silent instead of getting ready.
 */
export const startChild = async (options: StartChild): Promise<RunningChild> => {
  const logFile = join(options.folder, 'logs', `${options.name}.log`);
  const { child, exited } = await launch(options, logFile);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${options.name} did not start.`);
  const release = guardChild(pid);
  const clearUp = async (): Promise<void> => {
    await exited;
    // Also what it started itself and left. At once: as soon as the group is empty its number may be given anew.
    killGroup(pid);
    release();
  };
  void clearUp();
  const forget = await recordChild(options.folder, options.name, pid);

  const end = async (graceMs: number): Promise<void> => {
    if (!hasEnded(child)) {
      child.kill('SIGCONT');
      if (graceMs > 0) child.kill('SIGTERM');
      await Promise.race([exited, delay(graceMs, undefined, { ref: false })]);
      if (!hasEnded(child)) killGroup(pid);
    }
    await exited;
    await forget();
  };

  try {
    await waitUntilReady(options, child, logFile);
  } catch (error) {
    await end(0);
    throw error;
  }
  return {
    pid,
    logFile,
    stop: () => end(GRACE_MS),
    kill: () => end(0),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  };
};

interface Launched {
  readonly child: ChildProcess;
  /** Resolves when it has ended, also when it did so at once. */
  readonly exited: Promise<void>;
}

const launch = async (options: StartChild, logFile: string): Promise<Launched> => {
  await mkdir(join(options.folder, 'logs'), { recursive: true });
  const log = await open(logFile, 'a');
  const { PATH = '', HOME = options.folder } = process.env;
  const child = spawn(options.command, options.args, {
    cwd: options.folder,
    env: { PATH, HOME, ...options.env },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  // Before anything is awaited: a part that fails at once ends while its log is being closed.
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new Error(`${options.name} cannot be started: ${options.command}`, { cause: error });
  } finally {
    await log.close();
  }
  return { child, exited };
};

const waitUntilReady = async (options: StartChild, child: ChildProcess, logFile: string): Promise<void> => {
  const deadline = performance.now() + (options.readyTimeoutMs ?? 60_000);
  while (!(await options.isReady().catch(() => false))) {
    if (hasEnded(child)) {
      const how = child.signalCode ?? `exit code ${child.exitCode}`;
      throw new Error(`${options.name} ended instead of getting ready (${how}). ${await readEnd(logFile)}`);
    }
    if (performance.now() > deadline) {
      throw new Error(`${options.name} runs but does not get ready. ${await readEnd(logFile)}`);
    }
    await delay(READY_POLL_MS);
  }
};

const readEnd = async (logFile: string): Promise<string> => {
  const lines = (await readFile(logFile, 'utf8')).trim().split('\n');
  return `The end of ${logFile}:\n${lines.slice(-12).join('\n')}`;
};

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const killGroup = (pid: number): void => {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: nobody is left in it.
  }
};
