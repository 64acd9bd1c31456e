import { readFile, writeFile } from 'node:fs/promises';
import { formatReasonTable, replaceReasonTable } from './reason-table.ts';

/** Brings the table of reasons in functions/backup/README.md up to date. */
const file = new URL('../../backup/README.md', import.meta.url);
await writeFile(file, replaceReasonTable(await readFile(file, 'utf8'), formatReasonTable()));
