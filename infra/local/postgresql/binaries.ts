import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { ensureDebianPackages } from '../debian-packages.ts';
import type { Report } from '../report.ts';

/** Where Debian puts each major: `/usr/lib/postgresql/17/bin`, which is on no PATH. */
const DEBIAN = '/usr/lib/postgresql';

/** The programs of one PostgreSQL, server and clients. */
export interface PostgresqlBinaries {
  /** Path of a program: `initdb`, `postgres`, `pg_dump`, `psql`. */
  readonly program: (name: string) => string;
  /** `15`. */
  readonly major: number;
}

/**
 * Finds the newest PostgreSQL of this machine, in Debian's folder or on the PATH; installs Debian's when there is none.
 *
 * @throws Error naming the command to run, when there is none and we may not install it.
 */
export const findPostgresql = async (report: Report): Promise<PostgresqlBinaries> => {
  const found = await lookForPostgresql();
  if (found) return found;
  // It brings a cluster of its own at port 5432; ours has nothing to do with it.
  await ensureDebianPackages(['postgresql', 'postgresql-contrib'], report);
  const installed = await lookForPostgresql();
  if (!installed) throw new Error(`PostgreSQL is installed, and there is no initdb below ${DEBIAN}.`);
  return installed;
};

const lookForPostgresql = async (): Promise<PostgresqlBinaries | undefined> => {
  const majors = await readdir(DEBIAN).catch((): string[] => []);
  for (const major of majors.map(Number).sort((a, b) => b - a)) {
    const bin = join(DEBIAN, String(major), 'bin');
    if (await isThere(join(bin, 'initdb'))) return { major, program: (name) => join(bin, name) };
  }
  // Elsewhere than on Debian: wherever the first one on the PATH says that it lies.
  const config = await execa('pg_config', ['--bindir', '--version'], { reject: false });
  const [bin, version] = (config.stdout ?? '').split('\n');
  const major = Number(/^PostgreSQL (\d+)/.exec(version ?? '')?.[1]);
  if (bin === undefined || !(major > 0) || !(await isThere(join(bin, 'initdb')))) return undefined;
  return { major, program: (name) => join(bin, name) };
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
