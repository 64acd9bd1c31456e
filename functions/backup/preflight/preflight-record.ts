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

/**
 * What a run says of its preflight. Whoever reads a message each night reads no warning twice: one that the run before gave
 * too is counted, with its codes. Why a run does not begin is always said.
 *
 * @param most sentences of each kind; of more, the last one counts the rest.
 * @param before what was judged before the run before this one; undefined when there was none.
 */
export const sayPreflight = (
  { results }: Pick<PreflightRecord, 'results'>,
  most: number,
  before?: Pick<PreflightRecord, 'results'>,
): Sentences => {
  const stopping = results.filter(({ stops }) => stops);
  const others = listWarnings(results);
  const told = listWarnings(before?.results ?? []);
  const isKnown = (one: Result): boolean => told.some((other) => alike(one) === alike(other));
  const known = others.filter(isKnown);
  const gone = told.filter((one) => !results.some((other) => alike(one) === alike(other)));
  const counted = countKnown(known, gone);
  return {
    reasons: sayAll(stopping, most),
    warnings: [
      ...sayAll(
        others.filter((one) => !isKnown(one)),
        most - counted.length,
      ),
      ...counted,
    ],
  };
};

type Result = PreflightRecord['results'][number];

const listWarnings = (results: readonly Result[]): Result[] =>
  results.filter(({ stops, outcome }) => !stops && outcome !== 'pass');

/** Numbers change from night to night, sizes and times, and what they say does not. */
const alike = ({ code, outcome, message }: Result): string =>
  JSON.stringify([code, outcome, message.replaceAll(/\d[\d.,:TZ-]*/g, '0')]);

const countKnown = (known: readonly Result[], gone: readonly Result[]): string[] => {
  if (known.length === 0 && gone.length === 0) return [];
  const name = (results: readonly Result[]): string =>
    [...new Set(results.map(({ code }) => code))].join(', ');
  const same = `${known.length} warning${known.length === 1 ? '' : 's'} as last time`;
  return [
    shorten(
      [
        ...(known.length > 0 ? [`${same}, in the record of the run: ${name(known)}.`] : []),
        ...(gone.length > 0 ? [`No longer: ${name(gone)}.`] : []),
      ].join(' '),
    ),
  ];
};

const sayAll = (results: PreflightRecord['results'], most: number): string[] => {
  const all = results.map(({ message, remedy }) => shorten(remedy ? `${message} ${remedy}` : message));
  if (all.length <= most) return all;
  return [...all.slice(0, most - 1), `And ${all.length - most + 1} more, in the record of the run.`];
};

const shorten = (text: string): string =>
  text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH - 1).toWellFormed()}…`;
