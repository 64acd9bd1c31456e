import * as z from 'zod';

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
  const found = log.split('\n').flatMap((text) => {
    const line = text.startsWith('{') ? Line.safeParse(parseJson(text)) : undefined;
    if (!line?.success) return [];
    const { drydock: _, ...rest } = line.data;
    return [rest];
  });
  return found.filter(({ database }, index) => found.findIndex((one) => one.database === database) === index);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
