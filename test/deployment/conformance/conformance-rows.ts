import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** Folder with the tables of other projects' expectations; without it these suites report a skip. */
export const conformanceFolder = process.env.DRYDOCK_CONFORMANCE;

/** Rows of one table; the caller's schema takes what it needs of each. */
export const readRows = <S extends z.ZodType>(file: string, row: S): z.output<S>[] =>
  conformanceFolder === undefined
    ? []
    : z.array(row).parse(JSON.parse(readFileSync(join(conformanceFolder, file), 'utf8')));
