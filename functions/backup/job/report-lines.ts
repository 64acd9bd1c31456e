import type * as z from 'zod';

/**
 * Reads what the script of a Job of ours wrote, one line of JSON an answer, among the lines of other programs. A line that
 * is not whole, as of a pod that was killed, says nothing.
 *
 * @param mark what every such line begins with.
 */
export const readReportLines = <Schema extends z.ZodType>(
  log: string,
  mark: string,
  schema: Schema,
): z.output<Schema>[] =>
  log.split('\n').flatMap((text) => {
    const line = text.startsWith(mark) ? schema.safeParse(parseJson(text)) : undefined;
    return line?.success ? [line.data] : [];
  });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
