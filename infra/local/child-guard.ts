import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';

const REAPER = fileURLToPath(new URL('./reaper.ts', import.meta.url));

/** One for all children of this process; started with the first of them. */
let reaper: ChildProcess | undefined;
let isOver = false;

/**
 * Makes sure that a child ends when this process does, even by SIGKILL (see reaper.ts).
 *
 * @returns a function that ends the guard; call it when the child has ended, for its pid may be given anew.
 */
export const guardChild = (pid: number): (() => void) => {
  // Started by work that goes on while everything ends.
  if (isOver) process.kill(-pid, 'SIGKILL');
  reaper ??= startReaper();
  const guard = reaper;
  guard.stdin?.write(`+${pid}\n`);
  return () => {
    guard.stdin?.write(`-${pid}\n`);
  };
};

/**
 * Ends all children that are guarded now, and any that is started later: for a run that is broken off while its
 * parts are still starting. Resolves when they are gone; the process should exit then.
 */
export const endGuardedChildren = async (): Promise<void> => {
  isOver = true;
  if (!reaper || reaper.exitCode !== null || reaper.signalCode !== null) return;
  const exited = once(reaper, 'exit');
  reaper.ref();
  reaper.stdin?.end();
  await exited;
};

const startReaper = (): ChildProcess => {
  // Detached: Ctrl-C in a terminal reaches the whole foreground group, and the reaper must outlive that.
  const child = spawn(process.execPath, ['--no-warnings', REAPER], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    // NODE_OPTIONS of a test runner or debugger must not reach it.
    env: { PATH: process.env['PATH'] ?? devNull },
  });
  // When it cannot run, children are still ended in the orderly way; the pipe's error must not end us.
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.unref();
  if (child.stdin && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child;
};
