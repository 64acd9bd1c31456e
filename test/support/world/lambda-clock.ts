import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clock of every Lambda of a world: those that run and those that come. */
export interface LambdaClock {
  /** From now on it is so many milliseconds ahead; behind, when they are negative. */
  move(aheadMs: number): Promise<void>;
  /** `PATH` of the local AWS: with a `node` that has this clock. */
  readonly path: string;
}

const MOVED_CLOCK = new URL('./moved-clock.ts', import.meta.url).href;
/** Node 24, as Lambda has it, whatever Node runs the tests. */
const NODE = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));

/**
 * Makes the `node` that the Lambdas are run with. The real ones have a clock that AWS keeps; what is shown is that nothing
 * of ours takes the time of a cluster, of S3 and of Step Functions for its own.
 *
 * @param folder takes the program and the file by which it is moved.
 */
export const moveLambdaClocks = async (folder: string): Promise<LambdaClock> => {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'ahead-ms');
  const move = (aheadMs: number): Promise<void> => writeFile(file, String(aheadMs));
  await move(0);
  const program = join(folder, 'node');
  await writeFile(
    program,
    `#!/bin/sh\nMOVED_CLOCK_FILE='${file}' exec '${NODE}' --import '${MOVED_CLOCK}' "$@"\n`,
  );
  await chmod(program, 0o755);
  return { move, path: [folder, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter) };
};
