import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { startChild } from '../child-processes.ts';
import { findFreePort } from '../free-port.ts';
import { formatDuration, type Report } from '../report.ts';
import { endStaleChildren } from '../stale-children.ts';
import { findPostgresql } from './binaries.ts';
import {
  clusterFolder,
  copyCluster,
  initialiseCluster,
  type StoredCluster,
  takeCluster,
} from './make-cluster.ts';
import { prepareServerUser } from './server-user.ts';

export interface StartPostgresql {
  /** Takes the log; what an earlier server of it left is removed. */
  readonly folder: string;
  /** Another loopback address than 127.0.0.1: whoever asks takes it for another server. */
  readonly host?: string;
  /** What it begins with, when that is not an empty cluster. */
  readonly from?: StoredCluster;
  /** Keeps some gigabytes of its write-ahead log, by which one that is made of a copy goes on to a later moment. */
  readonly keepsLog?: boolean;
  readonly report: Report;
}

/** Who asks, and of which database. */
export interface DatabaseLogin {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Where a PostgreSQL is asked. */
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

/** A server of ours. */
export interface PostgresqlServer extends LocalPostgresql {
  /** Folder of its write-ahead log. */
  readonly wal: string;
  /** A base backup of it as it runs, into a folder that is not there yet and belongs to the user of servers. */
  copy(into: string): Promise<void>;
}

const HOST = '127.0.0.1';

/** Asks whoever answers at an address. */
export const askPostgresql =
  (
    address: { readonly host: string; readonly port: number },
    master: DatabaseLogin,
  ): LocalPostgresql['query'] =>
  async (sql, values = [], login = master) => {
    const client = new Client({ ...address, ...login });
    await client.connect();
    try {
      return (await client.query(sql, [...values])).rows;
    } finally {
      await client.end();
    }
  };

/**
 * Starts a real PostgreSQL on a free loopback port, empty but for its master user unless it is given a stored cluster. It
 * asks for passwords, so that a wrong one is refused as elsewhere. What it holds is gone after `stop`, hence nothing waits
 * for the disk.
 *
 * @throws Error with the end of its log when it does not come up; one naming the command to run when it is not installed
 * and we may not install it.
 */
export const startPostgresql = async ({
  folder,
  host = HOST,
  from,
  keepsLog = false,
  report,
}: StartPostgresql): Promise<PostgresqlServer> => {
  const binaries = await findPostgresql(report);
  const { program, major } = binaries;
  const started = performance.now();
  await mkdir(folder, { recursive: true });
  await endStaleChildren(folder, report);
  const user = await prepareServerUser(folder);
  const master = from?.master ?? {
    user: 'postgres',
    password: randomBytes(16).toString('hex'),
    database: 'postgres',
  };
  const more = from ? await takeCluster(user, from) : [];
  if (!from) await initialiseCluster(binaries, user, master);
  const port = await findFreePort();
  const query = askPostgresql({ host, port }, master);
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
    ...(keepsLog ? ['wal_keep_size=4GB'] : []),
    ...more,
  ];
  const child = await startChild({
    name: 'postgresql',
    ...user.wrap(program('postgres'), ['-D', clusterFolder(user), ...settings.flatMap((one) => ['-c', one])]),
    folder,
    // While it recovers it answers already, and takes no writes.
    isReady: async () => (await query('select pg_is_in_recovery() as recovers'))[0]?.['recovers'] === false,
  }).catch(async (error: unknown) => {
    await rm(user.folder, { recursive: true, force: true });
    throw error;
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
    wal: join(clusterFolder(user), 'pg_wal'),
    copy: (into) => copyCluster(binaries, user, { host, port, master }, into),
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
