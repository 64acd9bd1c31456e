import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/**
 * Gives a test run a folder for temporary files of its own, and removes it with all that is left in it: what tests of
 * several files share, and what the commands that they run forget, belongs to no single test that could clean up.
 */
const useTemporaryFolder = ({ config }: TestProject): (() => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-tests-'));
  config.env = { ...config.env, TMPDIR: folder };
  return () => rmSync(folder, { recursive: true, force: true });
};

export default useTemporaryFolder;
