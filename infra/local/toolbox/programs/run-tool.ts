import { execa } from 'execa';

/** How a tool ended that does not have to end well. */
export interface ToolEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of this machine to its end, whatever that is. */
export const tryTool = async (
  command: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ToolEnd> => {
  const { exitCode, stdout, stderr } = await execa(command, args, { ...options, reject: false });
  return { exitCode: exitCode ?? 1, stdout, stderr };
};

/** @throws Error with the last words of a program that did not end with 0. */
export const runTool = async (...asked: Parameters<typeof tryTool>): Promise<ToolEnd> => {
  const end = await tryTool(...asked);
  if (end.exitCode === 0) return end;
  throw new Error(
    `${asked[0]} ended with ${end.exitCode}: ${end.stderr.trim().split('\n').slice(-5).join(' / ')}`,
  );
};

/** Git without the settings of whoever started this. */
export const GIT = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' } as const;
