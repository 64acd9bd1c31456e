import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type * as z from 'zod';

/** Bundles a script as a Lambda is bundled: what the reading of sources costs is no part of a measure. */
export const bundleScript = async (script: string, folder: string): Promise<string> => {
  const outfile = join(folder, 'bundled.mjs');
  const js = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [script],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js },
    logLevel: 'silent',
  });
  return outfile;
};

/** Runs a script in a process of its own, so that its memory is its own, and reads the JSON that it prints. */
export const runScript = async <S extends z.ZodType>(
  schema: S,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<z.output<S>> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', ...args], {
    env: { ...process.env, ...env },
  });
  return schema.parse(JSON.parse(stdout));
};
