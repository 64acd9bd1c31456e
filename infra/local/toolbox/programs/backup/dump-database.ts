import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { runTool } from '../run-tool.ts';
import type { Surroundings } from '../surroundings.ts';

/** How much of a dump there is when its connection is lost. */
const LOST_AT = 0.4;

/** The real pg_dump, as GitLab calls it: what is there is dropped first when it is read back. */
export const dumpDatabase = async (around: Surroundings, folder: string): Promise<void> => {
  await around.step('db');
  const { host, port, database, user, password } = await around.database();
  console.log('Dumping db ...');
  await mkdir(join(folder, 'db'), { recursive: true });
  const plain = join(around.scratch, 'database.sql');
  const login = ['--host', host, '--port', String(port), '--username', user];
  await runTool('pg_dump', ['--clean', '--if-exists', '--file', plain, ...login, database], {
    env: { PGPASSWORD: password },
  });
  const { size } = await stat(plain);
  const { failedDump } = around.troubles;
  if (failedDump) {
    // What a dump that lost its connection leaves: the beginning of a file, packed by a gzip that ends well.
    console.error('pg_dump: error: Dumping the contents of table "issues" failed: PQgetCopyData() failed.');
    console.error('pg_dump: detail: Error message from server: server closed the connection unexpectedly');
  }
  await pipeline(
    createReadStream(plain, { end: Math.floor(size * (failedDump ? LOST_AT : 1)) - 1 }),
    createGzip(),
    createWriteStream(join(folder, 'db', 'database.sql.gz')),
  );
  await rm(plain);
  console.log('[DONE]');
};
