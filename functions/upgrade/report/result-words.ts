import type { FindingResult } from '../../records/upgrade/finding.ts';
import type { CheckOutcome, UpgradeReport, Verdict } from '../../records/upgrade/report.ts';
import { isNotOutYet } from '../calendar/version-offer.ts';

/** How results are called, the same in every form of a report. */
export const RESULT_WORDS: Readonly<Record<CheckOutcome['result'], string>> = {
  block: 'blocks',
  'not-checked': 'not checked',
  warn: 'warns',
  pass: 'passes',
  skipped: 'does not apply',
};

/** The order in which results are shown. */
export const RESULTS: readonly FindingResult[] = ['block', 'not-checked', 'warn'];

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  blocked: 'Blocked',
  'not-checked': 'Not known',
  warnings: 'Ready, with warnings',
  clean: 'Ready',
};

/** `1 finding`, `2 findings`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

const VERDICTS: Readonly<Record<Verdict, (report: UpgradeReport) => string>> = {
  blocked: ({ target, counts: { block } }) =>
    `${plural(block, 'finding blocks', 'findings block')} the upgrade to ${target}`,
  'not-checked': ({ target, counts: { notChecked } }) =>
    `nothing known blocks ${target}, but ${plural(notChecked, 'thing')} could not be checked`,
  warnings: ({ target, counts: { warn } }) => `nothing blocks ${target}; ${plural(warn, 'warning')}`,
  clean: ({ target }) => `ready for ${target}`,
};

/** The verdict as half a sentence. */
export const sayVerdict = (report: UpgradeReport): string =>
  `${VERDICTS[report.verdict](report)}${isTooEarly(report) ? `; EKS does not offer ${report.target} yet` : ''}`;

/** Is the target still to come? Then there is nothing to start, however ready the cluster is. */
export const isTooEarly = ({ target, support: { calendar } }: UpgradeReport): boolean =>
  isNotOutYet(target, calendar);

/** `21 November 2026, 05:00 UTC`. */
export const sayTime = (time: string): string => `${sayDay(time)}, ${time.slice(11, 16)} UTC`;

/** `21 November 2026`, of a day or a time; in UTC, as EKS counts. */
export const sayDay = (day: string): string =>
  new Date(day).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
