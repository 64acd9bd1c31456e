import { readdir, readFile } from 'node:fs/promises';
import type { World } from '../../../infra/local/world/start-world.ts';

/**
 * Ends the sandboxes of one function as AWS may at any moment: the processes that run it in this world, in the
 * middle of what they do. The next call starts a new one.
 *
 * @param name the function's name as in the stack: `ApplyImage`.
 * @returns how many were ended.
 */
export const endSandboxes = async ({ folder }: World, name: string): Promise<number> => {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      // A process that ends while we look has no command line any more.
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return command.includes(folder) && command.includes(`${name}Function`) ? [pid] : [];
    }),
  );
  const sandboxes = found.flat();
  for (const pid of sandboxes) process.kill(pid, 'SIGKILL');
  return sandboxes.length;
};
