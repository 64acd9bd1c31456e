import { readFile, writeFile } from 'node:fs/promises';
import { formatReasonTable, replaceReasonTable } from './reason-table.ts';

/** Brings the tables of reasons in functions/backup/README.md up to date. */
const file = new URL('../../backup/README.md', import.meta.url);
const archives = replaceReasonTable(await readFile(file, 'utf8'), formatReasonTable());
await writeFile(
  file,
  replaceReasonTable(archives, formatReasonTable('reasons of parts'), 'reasons of parts'),
);
