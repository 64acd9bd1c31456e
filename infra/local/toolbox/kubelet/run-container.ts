import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Duplex, type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { guardChild } from '../../child-guard.ts';
import type { ContainerLog } from './container-log.ts';
import type { ExpandedCommand } from './expand-command.ts';

/** What a container gets between SIGTERM and SIGKILL. Kubernetes' default is 30 s, which nobody wants to wait for here. */
const GRACE_MS = 2_000;
/** 128 and the number of the signal, as shells and container runtimes count. */
const SIGNALS: Readonly<Record<string, number>> = { SIGKILL: 137, SIGTERM: 143, SIGINT: 130 };

/** The network as one container finds it. */
export interface ContainerNetwork {
  /** Runs the command that stands behind it, and asks at file descriptor 3. */
  readonly command: readonly string[];
  /** Answers one line of a question. */
  readonly answer: (question: string) => Promise<string>;
}

/**
 * Runs the command of a container as a process of this machine, and its lines into a log.
 *
 * @param place.network asked before each connection of it, where pods have a network of their own.
 * @param signal ends it: politely, and after a grace by force. With `SIGKILL` as its reason, by force at once.
 * @param onLine sees each line when it is in the log.
 * @returns the exit code.
 */
export const runContainer = async (
  { words, env }: ExpandedCommand,
  place: {
    readonly folder: string;
    readonly log: ContainerLog;
    readonly onLine: (line: string) => void;
    readonly network?: ContainerNetwork | undefined;
  },
  signal: AbortSignal,
): Promise<number> => {
  const { network } = place;
  const [command, ...args] = words.length === 0 ? [] : [...(network?.command ?? []), ...words];
  // A container runtime says the same where there is nothing to run.
  if (command === undefined || signal.aborted) return 128;
  const child = spawn(command, args, {
    cwd: place.folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', network ? 'pipe' : 'ignore'],
  });
  const { pid, stdout, stderr } = child;
  if (pid === undefined) {
    const [error] = await once(child, 'error');
    place.log.write(String(error));
    return 127;
  }
  const release = guardChild(pid);
  const channel = child.stdio[3];
  if (network && channel instanceof Duplex) void answerAll(channel, network);
  const stop = (): void => void end(pid, signal.reason === 'SIGKILL' ? 0 : GRACE_MS, () => child.exitCode);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const closed = once(child, 'close');
    await Promise.all([stdout, stderr].flatMap((stream) => (stream ? [copyLines(stream, place)] : [])));
    const [code, name] = await closed;
    return typeof code === 'number' ? code : (SIGNALS[String(name)] ?? 128);
  } finally {
    signal.removeEventListener('abort', stop);
    release();
  }
};

const answerAll = async (channel: Duplex, { answer }: ContainerNetwork): Promise<void> => {
  // Who asked may be gone before the answer is.
  channel.on('error', () => undefined);
  for await (const question of createInterface({ input: channel })) {
    if (channel.writable) channel.write(`${await answer(question)}\n`);
  }
};

const copyLines = async (
  stream: Readable,
  { log, onLine }: { readonly log: ContainerLog; readonly onLine: (line: string) => void },
): Promise<void> => {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    log.write(line);
    onLine(line);
  }
};

/** The whole group: what the shell of a container has started ends with it. */
const end = async (pid: number, graceMs: number, exitCode: () => number | null): Promise<void> => {
  if (graceMs > 0) {
    signalGroup(pid, 'SIGTERM');
    await delay(graceMs, undefined, { ref: false });
  }
  if (exitCode() === null) signalGroup(pid, 'SIGKILL');
};

const signalGroup = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(-pid, name);
  } catch {
    // ESRCH: it has ended.
  }
};
