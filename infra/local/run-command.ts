import { execa, type Options } from 'execa';

import { guardChild } from './child-guard.ts';

/** How a command ended, with its output and its errors in the order they came. */
export interface CommandResult {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/**
 * Runs a command to its end, in a process group of its own and guarded: what it starts itself ends with it when this
 * process is broken off. Never throws for an exit code.
 */
export const runCommand = async (
  command: string,
  args: readonly string[],
  options: Pick<Options, 'cwd' | 'env' | 'extendEnv'> = {},
): Promise<CommandResult> => {
  const child = execa(command, args, {
    ...options,
    reject: false,
    all: true,
    stdin: 'ignore',
    detached: true,
  });
  const release = child.pid === undefined ? () => undefined : guardChild(child.pid);
  const result = await child.finally(release);
  return { exitCode: result.exitCode, output: result.all || (result.message ?? '') };
};
