import type { PreflightFacts } from './facts.ts';
import {
  notChecked,
  type PreflightOutcome,
  type PreflightRule,
  type PreflightVerdict,
} from './preflight-rule.ts';

interface PreflightResult extends PreflightVerdict {
  /** Code of the rule. */
  readonly code: string;
  /** Does the backup not start because of this? */
  readonly stops: boolean;
}

export interface PreflightReport {
  /** The worst of all results: `refuse`, `not-checked`, `warn`, `pass`. */
  readonly outcome: PreflightOutcome;
  /** Nothing refuses, and nothing is unknown that had to be known. */
  readonly mayStart: boolean;
  /** Worst first, rules in the order of the registry. */
  readonly results: readonly PreflightResult[];
}

const ORDER: readonly PreflightOutcome[] = ['refuse', 'not-checked', 'warn', 'pass'];

/** Judges what was gathered before a backup. A rule that says nothing, and no rules at all, are not checked. */
export const judgePreflight = (facts: PreflightFacts, rules: readonly PreflightRule[]): PreflightReport => {
  const all = rules.flatMap(({ code, title, ifUnknown, judge }) => {
    const verdicts = judge(facts);
    const said = verdicts.length > 0 ? verdicts : [notChecked(`${title}: nothing was looked at.`, LOOK)];
    return said.map((verdict): PreflightResult => {
      const { outcome } = verdict;
      const stops = outcome === 'refuse' || (outcome === 'not-checked' && ifUnknown === 'stop');
      return { code, stops, ...verdict };
    });
  });
  const results = ORDER.flatMap((outcome) => all.filter((result) => result.outcome === outcome));
  return {
    outcome: results[0]?.outcome ?? 'not-checked',
    mayStart: results.length > 0 && results.every(({ stops }) => !stops),
    results,
  };
};

const LOOK = 'Look at it by hand before the backup.';
