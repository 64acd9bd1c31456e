import { join } from 'node:path';
import { execa } from 'execa';
import type { PostgresqlBinaries } from './binaries.ts';
import type { ServerUser } from './server-user.ts';
import type { DatabaseLogin } from './start-postgresql.ts';

/** What a server is started from that is not to begin empty. */
export interface StoredCluster {
  /** A base backup; it stays as it is. */
  readonly folder: string;
  /** Its passwords are those of its blocks. */
  readonly master: DatabaseLogin;
  /** Goes on from the base backup to a moment, by the write-ahead log of the server that it was taken of. */
  readonly until?: { readonly at: Date; readonly wal: string };
}

/** The folder of the cluster within that of its server. */
export const clusterFolder = (user: ServerUser): string => join(user.folder, 'cluster');

/** Makes an empty cluster that asks for passwords. @throws Error with the end of what initdb says. */
export const initialiseCluster = async (
  { program }: PostgresqlBinaries,
  user: ServerUser,
  { user: master, password }: DatabaseLogin,
): Promise<void> => {
  const passwordFile = await user.write('master', password);
  await runAs(user, program('initdb'), [
    '--pgdata',
    clusterFolder(user),
    `--username=${master}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
    '--no-instructions',
  ]);
};

/**
 * Takes a stored cluster over. A recovery to a moment begins with the next start.
 *
 * @returns settings with which the server has to be started.
 */
export const takeCluster = async (
  user: ServerUser,
  { folder, until }: StoredCluster,
): Promise<readonly string[]> => {
  await runAs(user, 'cp', ['-Rp', folder, clusterFolder(user)]);
  if (!until) return [];
  await runAs(user, 'touch', [join(clusterFolder(user), 'recovery.signal')]);
  return [
    `restore_command=cp '${until.wal}/%f' '%p'`,
    // By its offset: of names such as Z it knows nothing when it reads this.
    `recovery_target_time=${until.at.toISOString().replace('Z', '+00')}`,
    'recovery_target_action=promote',
  ];
};

/**
 * Copies the cluster of a server that runs, as of the end of the copy.
 *
 * @param into a folder that is not there yet, in one of the user of servers.
 * @throws Error with the end of what pg_basebackup says.
 */
export const copyCluster = async (
  { program }: PostgresqlBinaries,
  user: ServerUser,
  server: { readonly host: string; readonly port: number; readonly master: DatabaseLogin },
  into: string,
): Promise<void> => {
  const { host, port, master } = server;
  const login = ['--host', host, '--port', String(port), '--username', master.user, '--no-password'];
  await runAs(
    user,
    program('pg_basebackup'),
    ['--pgdata', into, ...login, '--wal-method=stream', '--checkpoint=fast', '--no-sync', '--no-manifest'],
    { PGPASSWORD: master.password },
  );
};

const runAs = async (
  user: ServerUser,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const wrapped = user.wrap(program, args);
  const options = { cwd: '/', env, reject: false, all: true } as const;
  const { exitCode, all, message } = await execa(wrapped.command, [...wrapped.args], options);
  if (exitCode === 0) return;
  const said = (all || (message ?? '')).trim().split('\n').slice(-5).join(' / ');
  throw new Error(`${program} failed: ${said}`);
};
