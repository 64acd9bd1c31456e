import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** Who the server runs as, and where it may write. */
export interface ServerUser {
  /** A command as that user: the same process, so that signals reach it. */
  readonly wrap: (command: string, args: readonly string[]) => { command: string; args: readonly string[] };
  /** Empty, and of that user. */
  readonly folder: string;
  /** Writes a file into it that only that user reads. @returns its path. */
  readonly write: (name: string, content: string) => Promise<string>;
}

/** Made by Debian's package. */
const USER = 'postgres';

/**
 * Makes the folder of a server. PostgreSQL refuses to run as root, and a run's folder may be closed to everybody else:
 * then it gets one beside the temporary files, under the name of the run's folder, so that the next run finds and
 * empties it.
 *
 * @throws Error when this is root and there is no user for it.
 */
export const prepareServerUser = async (folder: string): Promise<ServerUser> => {
  if (process.getuid?.() !== 0) {
    const own = join(folder, 'data');
    await empty(own);
    return {
      folder: own,
      wrap: (command, args) => ({ command, args }),
      write: (name, content) => writePrivate(join(own, name), content),
    };
  }
  const ids = await execa('id', [USER], { reject: false });
  const [uid, gid] = [/uid=(\d+)/, /gid=(\d+)/].map((id) => Number(id.exec(ids.stdout ?? '')?.[1]));
  if (!uid || !gid) {
    throw new Error(
      `PostgreSQL does not run as root, and there is no user ${USER}: adduser --system ${USER}`,
    );
  }
  const shared = join(tmpdir(), `drydock-postgresql${folder.replaceAll(/[^A-Za-z0-9]+/g, '-')}`);
  await empty(shared);
  await chown(shared, uid, gid);
  return {
    folder: shared,
    write: async (name, content) => {
      const path = await writePrivate(join(shared, name), content);
      await chown(path, uid, gid);
      return path;
    },
    wrap: (command, args) => ({
      command: 'setpriv',
      args: [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--', command, ...args],
    }),
  };
};

const writePrivate = async (path: string, content: string): Promise<string> => {
  await writeFile(path, content, { mode: 0o600 });
  return path;
};

const empty = async (folder: string): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
};
