import process from 'node:process';
import { makeBackup } from './backup/make-backup.ts';
import { restoreBackup } from './restore/restore-backup.ts';
import { readSurroundings } from './surroundings.ts';
import { readToolArguments } from './tool-arguments.ts';

/** Plays `backup-utility` of the toolbox image; start-toolbox.ts says what of it is played. */
try {
  const asked = readToolArguments(process.argv.slice(2));
  const around = readSurroundings(process.env);
  await (asked.action === 'backup' ? makeBackup(around, asked) : restoreBackup(around, asked));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
