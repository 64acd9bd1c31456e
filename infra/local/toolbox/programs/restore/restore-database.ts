import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DROP_ALL } from '../rake/drop-tables.ts';
import { tryTool } from '../run-tool.ts';
import type { Surroundings } from '../surroundings.ts';

/** They stand in the log of every restore as a user who does not own the extensions, as on RDS. */
const HARMLESS =
  /must be owner of extension|does not exist, skipping|cannot drop .* because other objects depend/;

/** Empties the database and reads the dump into it, by the real psql, which goes on behind an error. */
export const restoreDatabase = async (around: Surroundings, dump: string): Promise<void> => {
  const { host, port, database, user, password } = await around.database();
  const psql = async (...args: string[]) =>
    tryTool(
      'psql',
      [
        '--quiet',
        '--no-psqlrc',
        '--host',
        host,
        '--port',
        String(port),
        '--username',
        user,
        ...args,
        database,
      ],
      { env: { PGPASSWORD: password, PGOPTIONS: '-c client_min_messages=warning' } },
    );
  console.log('Cleaning the database ...');
  const emptied = await psql('--set', 'ON_ERROR_STOP=1', '--command', DROP_ALL);
  if (emptied.exitCode !== 0) throw new Error(`The database can not be emptied: ${emptied.stderr}`);
  // What was in it is gone: from here on, a failure leaves half of a GitLab.
  await around.step('db');
  console.log('Restoring PostgreSQL database ...');
  const plain = join(around.scratch, 'database.sql');
  await pipeline(createReadStream(dump), createGunzip(), createWriteStream(plain));
  const { stderr } = await psql('--file', plain);
  const errors = stderr.split('\n').filter((line) => line.includes('ERROR:'));
  const grave = errors.filter((line) => !HARMLESS.test(line));
  for (const line of errors) console.error(line);
  if (grave.length > 0) throw new Error(`Restoring the database failed with ${grave.length} errors.`);
  console.log('[DONE]');
};
