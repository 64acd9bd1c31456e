import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';

const Lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
  ),
});

/** Optional packages that the lockfile leaves out; `npm ci` refuses to install from such a file, on any platform. */
const findMissing = (lockfile: unknown): string[] => {
  const { packages } = Lockfile.parse(lockfile);
  const locked = Object.keys(packages);
  return Object.values(packages)
    .flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
    .filter((name) => !locked.some((path) => path.endsWith(`node_modules/${name}`)));
};

const lockfile: unknown = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
);

test('the lockfile names every optional package, also those of other platforms', () => {
  expect(findMissing(lockfile)).toEqual([]);
});

test('a lockfile that leaves one out is found', () => {
  const packages = { 'node_modules/a': { optionalDependencies: { '@a/linux': '1.0.0' } } };
  expect(findMissing({ packages })).toEqual(['@a/linux']);
});
