import * as z from 'zod';
import { readReportLines } from '../../job/report-lines.ts';

/** What a database says of its extensions. */

const Extension = z.strictObject({
  name: z.string().regex(/^[a-z0-9_]{1,63}$/),
  isThere: z.boolean(),
  /** May the role that restores drop it? */
  mayDrop: z.boolean(),
  /** May it make it? */
  mayMake: z.boolean(),
});

export const DatabaseExtensions = z.object({
  database: z.string().min(1).max(63),
  role: z.string().min(1).max(63),
  extensions: z.array(Extension).max(50),
});
export type DatabaseExtensions = z.output<typeof DatabaseExtensions>;

const Line = DatabaseExtensions.extend({ drydock: z.literal('extensions') });

/**
 * Reads what the pod wrote, a line a database; databases in their order. A line that is not whole says nothing. Two
 * names of Rails may lead to one database.
 */
export const readExtensionReport = (log: string): readonly DatabaseExtensions[] => {
  const found = readReportLines(log, '{', Line).map((line) => {
    const { drydock: _, ...rest } = line;
    return rest;
  });
  return found.filter(({ database }, index) => found.findIndex((one) => one.database === database) === index);
};
