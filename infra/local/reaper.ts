/**
 * Ends the children of the local world when their parent is gone, however it went: SIGKILL included.
 *
 * Runs as its own process, `node reaper.ts <parent pid>`. Each line on stdin is `+<pid>` (guard this one) or
 * `-<pid>` (it has ended). The end of stdin means that the parent is no more, because the kernel closes a dead
 * process' pipes. That works the same on Linux and macOS; Linux' parent-death signal does not, and it fires
 * when the *thread* that started the child ends, which a test runner's worker is.
 */
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** What a child gets to write its state down before it is killed. */
const GRACE_MS = 5_000;

const guarded = new Set<number>();

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) guarded.add(pid);
  else guarded.delete(pid);
}

if (guarded.size > 0) {
  for (const pid of guarded) signalGroup(pid, 'SIGTERM');
  const deadline = performance.now() + GRACE_MS;
  while (performance.now() < deadline && [...guarded].some((pid) => signalGroup(pid, 0))) await delay(50);
  for (const pid of guarded) signalGroup(pid, 'SIGKILL');
}

/** Each child leads a process group of its own, so its own children end with it; false when none is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
