import { askDidYouMean } from '../../records/configuration/suggestion.ts';
import type { IgnoreRule } from '../../records/configuration/upgrade.ts';
import type { Finding } from '../../records/upgrade/finding.ts';
import type { UnusedIgnore } from '../../records/upgrade/report.ts';
import { type Check, defineCheck, type Verdict } from '../check.ts';
import { matchesSubject } from './subject-pattern.ts';

/** Code of the check about the ignore list itself. */
export const IGNORE_LIST = 'ignore-list';

/** The rules that concern a cluster: those of all environments, and those of an environment that lives on it. */
export const rulesFor = (rules: readonly IgnoreRule[], environments: readonly string[]): IgnoreRule[] =>
  rules.filter(({ environment }) => environment === undefined || environments.includes(environment));

/** An exception ends at midnight UTC, when its day begins. */
const hasExpired = ({ expires }: IgnoreRule, now: Date): boolean => now.getTime() >= Date.parse(expires);

const covers = ({ check, subject }: IgnoreRule, finding: Pick<Finding, 'check' | 'subject'>): boolean =>
  check === finding.check && matchesSubject(subject, finding.subject);

/**
 * Marks what the rules cover; it stays in the report and does not count. A finding about the ignore list itself can
 * not be ignored. Of two rules that cover a finding the first one speaks.
 */
export const applyIgnoreList = (
  findings: readonly Finding[],
  rules: readonly IgnoreRule[],
  now: Date,
): Finding[] => {
  const valid = rules.filter((rule) => !hasExpired(rule, now));
  return findings.map((finding) => {
    const rule = finding.check === IGNORE_LIST ? undefined : valid.find((one) => covers(one, finding));
    return rule ? { ...finding, ignored: { reason: rule.reason, expires: rule.expires } } : finding;
  });
};

/** The rules in force that cover nothing: no mistake, since they may be for another cluster, and worth a look. */
export const listUnused = (
  findings: readonly Finding[],
  rules: readonly IgnoreRule[],
  now: Date,
): UnusedIgnore[] =>
  rules
    .filter((rule) => !hasExpired(rule, now) && !findings.some((finding) => covers(rule, finding)))
    .map(({ check, subject, reason, expires }) => ({ check, subject, reason, expires }));

/**
 * The check about the ignore list: an exception that ended, and one that names no check and so can never work, are
 * warnings. It reads no facts.
 *
 * @param known codes of all checks.
 */
export const checkIgnoreList = (rules: readonly IgnoreRule[], known: readonly string[]): Check =>
  defineCheck({
    code: IGNORE_LIST,
    title: 'Every exception in drydock.yaml is still in force',
    reads: [],
    judge: (_, { now }) => rules.flatMap((rule) => judgeRule(rule, known, now)),
  });

const judgeRule = (rule: IgnoreRule, known: readonly string[], now: Date): Verdict[] => {
  const about = { result: 'warn', subject: `exception ${rule.check} ${rule.subject}` } as const;
  if (!known.includes(rule.check)) {
    return [
      {
        ...about,
        message: `No check has the code ${rule.check}, so this exception covers nothing${askDidYouMean(rule.check, known)}`,
        remedy: { text: 'Write the code as a report shows it under upgrade.ignore in drydock.yaml.' },
      },
    ];
  }
  if (!hasExpired(rule, now)) return [];
  return [
    {
      ...about,
      message: `This exception ended on ${rule.expires}; what it covered counts again. Its reason was: ${rule.reason}`,
      remedy: {
        text: 'Mend what it covered, then take it out of upgrade.ignore in drydock.yaml; or decide again, with a new day.',
      },
    },
  ];
};
