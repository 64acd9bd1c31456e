import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { Client } from 'pg';
import { startChild } from '../child-processes.ts';
import { findFreePort } from '../free-port.ts';
import { formatDuration, type Report } from '../report.ts';
import { endStaleChildren } from '../stale-children.ts';
import { findPostgresql } from './binaries.ts';
import { prepareServerUser, type ServerUser } from './server-user.ts';

export interface StartPostgresql {
  /** Takes the log; what an earlier server of it left is removed. */
  readonly folder: string;
  /** Another loopback address than 127.0.0.1: whoever asks takes it for another server. */
  readonly host?: string;
  readonly report: Report;
}

/** Who asks, and of which database. */
export interface DatabaseLogin {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface LocalPostgresql {
  readonly host: string;
  readonly port: number;
  /** `15`; GitLab 18 asks for 16 or more, which Debian 12 does not have. */
  readonly major: number;
  /** Its own user, who may do everything, as the master user of an RDS instance nearly may. */
  readonly master: DatabaseLogin;
  /** Path of a client program of the same version: `pg_dump`, `psql`. */
  readonly program: (name: string) => string;
  /** Asks one question and leaves; `values` for `$1` and so on. @returns the rows. */
  query(
    sql: string,
    values?: readonly unknown[],
    login?: DatabaseLogin,
  ): Promise<readonly Record<string, unknown>[]>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Starts a real PostgreSQL on a free loopback port, empty but for its master user. It asks for passwords, so that a
 * wrong one is refused as elsewhere. What it holds is gone after `stop`, hence nothing waits for the disk.
 *
 * @throws Error with the end of its log when it does not come up; one naming the command to run when it is not installed
 * and we may not install it.
 */
export const startPostgresql = async ({
  folder,
  host = HOST,
  report,
}: StartPostgresql): Promise<LocalPostgresql> => {
  const { program, major } = await findPostgresql(report);
  const started = performance.now();
  await mkdir(folder, { recursive: true });
  await endStaleChildren(folder, report);
  const user = await prepareServerUser(folder);
  const master = { user: 'postgres', password: randomBytes(16).toString('hex'), database: 'postgres' };
  await initialise(program('initdb'), user, master.password);
  const port = await findFreePort();
  const query: LocalPostgresql['query'] = async (sql, values = [], login = master) => {
    const client = new Client({ host, port, ...login });
    await client.connect();
    try {
      return (await client.query(sql, [...values])).rows;
    } finally {
      await client.end();
    }
  };
  const settings = [
    `listen_addresses=${host}`,
    `port=${port}`,
    // Its path would be too long for a socket, and nothing here asks for one.
    'unix_socket_directories=',
    'fsync=off',
    'full_page_writes=off',
    'synchronous_commit=off',
    'max_connections=50',
    'logging_collector=off',
  ];
  const child = await startChild({
    name: 'postgresql',
    ...user.wrap(program('postgres'), [
      '-D',
      join(user.folder, 'cluster'),
      ...settings.flatMap((one) => ['-c', one]),
    ]),
    folder,
    isReady: async () => (await query('select 1')).length === 1,
  });
  report(
    `PostgreSQL: ${major} ready on ${host}:${port} after ${formatDuration(performance.now() - started)}`,
  );
  return {
    host,
    port,
    major,
    master,
    program,
    query,
    stop: async () => {
      interrupt(child.pid);
      await child.stop();
      await rm(user.folder, { recursive: true, force: true });
    },
  };
};

/** SIGTERM, which `stop` sends, would let it wait for every client; SIGINT ends their sessions first. */
const interrupt = (pid: number): void => {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // ESRCH: it has ended already.
  }
};

const initialise = async (initdb: string, user: ServerUser, password: string): Promise<void> => {
  const passwordFile = await user.write('master', password);
  const { command, args } = user.wrap(initdb, [
    '--pgdata',
    join(user.folder, 'cluster'),
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ]);
  const result = await execa(command, [...args], { cwd: '/', reject: false, all: true });
  if (result.exitCode !== 0)
    throw new Error(`initdb failed: ${result.all.trim().split('\n').slice(-5).join(' / ')}`);
};
