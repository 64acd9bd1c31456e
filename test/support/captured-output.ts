import { afterEach, beforeEach, vi } from 'vitest';

/** Collects what is written to stdout and stderr during each test of a file, instead of showing it. */
export const captureOutput = () => {
  const written: string[] = [];
  beforeEach(() => {
    written.length = 0;
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((chunk) => {
        written.push(String(chunk));
        return true;
      });
    }
  });
  afterEach(() => vi.restoreAllMocks());
  return { text: () => written.join('') };
};
