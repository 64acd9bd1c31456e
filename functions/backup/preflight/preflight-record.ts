import * as z from 'zod';
import type { PreflightReport } from './preflight-report.ts';

/** What was judged before one run: the fact `preflight` of the run. */

const Outcome = z.enum(['refuse', 'not-checked', 'warn', 'pass']);

export const PreflightRecord = z.object({
  version: z.literal(1),
  checkedAt: z.iso.datetime(),
  outcome: Outcome,
  mayStart: z.boolean(),
  /** Worst first. */
  results: z.array(
    z.object({
      /** Code of the rule. */
      code: z.string(),
      outcome: Outcome,
      /** Does the backup not start because of this? */
      stops: z.boolean(),
      message: z.string(),
      remedy: z.string().optional(),
    }),
  ),
});
export type PreflightRecord = z.output<typeof PreflightRecord>;

export const preflightRecordKind = { name: 'preflight of a backup', schema: PreflightRecord };

export const recordPreflight = (
  { outcome, mayStart, results }: PreflightReport,
  now: Date,
): PreflightRecord => ({
  version: 1,
  checkedAt: now.toISOString(),
  outcome,
  mayStart,
  results: results.map((result) => ({ ...result })),
});

interface Sentences {
  /** Why it must not begin. */
  readonly reasons: string[];
  /** What to mend, and what nobody could look at. */
  readonly warnings: string[];
}

/** Longest sentence in a payload, its remedy with it. */
const MAX_LENGTH = 600;

/** What a run says of its preflight. @param most sentences of each kind; of more, the last one counts the rest. */
export const sayPreflight = ({ results }: Pick<PreflightRecord, 'results'>, most: number): Sentences => {
  const stopping = results.filter(({ stops }) => stops);
  const others = results.filter(({ stops, outcome }) => !stops && outcome !== 'pass');
  return { reasons: sayAll(stopping, most), warnings: sayAll(others, most) };
};

const sayAll = (results: PreflightRecord['results'], most: number): string[] => {
  const all = results.map(({ message, remedy }) => shorten(remedy ? `${message} ${remedy}` : message));
  if (all.length <= most) return all;
  return [...all.slice(0, most - 1), `And ${all.length - most + 1} more, in the record of the run.`];
};

const shorten = (text: string): string =>
  text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1).toWellFormed()}…`;
