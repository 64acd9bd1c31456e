import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CDK = fileURLToPath(new URL('../node_modules/.bin/cdk', import.meta.url));

/** Runs the pinned CDK command line in this terminal and gives its exit code; one that was killed counts as 1. */
export const runCdk = async (args: readonly string[]): Promise<number> => {
  const child = spawn(CDK, [...args], { cwd: ROOT, stdio: 'inherit' });
  const [code]: unknown[] = await once(child, 'close');
  return typeof code === 'number' ? code : 1;
};
