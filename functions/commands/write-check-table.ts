import { readFile, writeFile } from 'node:fs/promises';
import { CHECKS } from '../upgrade/checks/registry.ts';
import { formatCheckTable, replaceCheckTable } from './upgrade-check/check-table.ts';

/** Brings the table of checks in functions/upgrade/README.md up to date: `node functions/commands/write-check-table.ts`. */
const file = new URL('../upgrade/README.md', import.meta.url);
await writeFile(file, replaceCheckTable(await readFile(file, 'utf8'), formatCheckTable(CHECKS)));
