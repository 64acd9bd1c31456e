import * as z from 'zod';
import { readReportLines } from '../job/report-lines.ts';
import { EMPTY_MARK } from './empty-script.ts';

/** Reads what was emptied, out of the log of the pod that did it. */

const Line = z.strictObject({
  drydock: z.literal('empty'),
  what: z.enum(['repositories', 'database', 'bucket']),
  name: z.string().min(1).max(63),
  state: z.enum(['empty', 'left', 'failed']),
});

/**
 * What is not empty. Only a line that says so proves it: of a pod that was killed, the rest counts as left.
 *
 * @param buckets that had to be emptied.
 * @returns sentences, empty when nothing is left.
 */
export const findNotEmptied = (log: string, buckets: readonly string[]): string[] => {
  const lines = readReportLines(log, EMPTY_MARK, Line);
  const wanted = [
    { what: 'repositories', name: 'all', title: 'The repositories' },
    { what: 'database', name: 'all', title: 'The database' },
    ...buckets.map((name) => ({ what: 'bucket', name, title: `Bucket ${name}` })),
  ];
  return wanted.flatMap(({ what, name, title }) => {
    const states = lines.filter((line) => line.what === what && line.name === name).map(({ state }) => state);
    if (states.length > 0 && states.every((state) => state === 'empty')) return [];
    const why = states.includes('left')
      ? 'something is left in it'
      : states.includes('failed')
        ? 'its tool failed'
        : 'nothing was said of it';
    return [`${title} could not be emptied: ${why}.`];
  });
};
