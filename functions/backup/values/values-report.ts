import { openChartValues } from './chart-values.ts';
import type { Severity, ValuesFinding } from './finding.ts';
import type { LintContext, ValuesRule } from './rule.ts';
import type { ValueMap } from './value-tree.ts';

/** What the rules say of the values of one installation. */
export interface ValuesReport {
  readonly verdict: ValuesVerdictWord;
  /** The worst first, and rules in the order of the registry. */
  readonly findings: readonly ValuesFinding[];
  /** True of every installation; they change no verdict. */
  readonly notes: readonly ValuesFinding[];
  /** How many rules were asked. */
  readonly rules: number;
}

export type ValuesVerdictWord = 'clean' | 'risks' | 'traps' | 'not-checked';

const ORDER: readonly Severity[] = ['trap', 'risk', 'not-checked'];

/**
 * Judges Helm values of the GitLab chart.
 *
 * @param user the merged values of the user; the defaults of the chart are laid under them as far as the rules need.
 */
export const lintValues = (
  user: ValueMap,
  context: LintContext,
  rules: readonly ValuesRule[],
): ValuesReport => {
  const values = openChartValues(user, context.chart);
  const all = rules.flatMap(({ code, judge }) =>
    judge(values, context).map((verdict): ValuesFinding => ({ code, ...verdict })),
  );
  const findings = ORDER.flatMap((severity) => all.filter((finding) => finding.severity === severity));
  return {
    verdict: VERDICTS[findings[0]?.severity ?? 'note'],
    findings,
    notes: all.filter(({ severity }) => severity === 'note'),
    rules: rules.length,
  };
};

const VERDICTS: Readonly<Record<Severity, ValuesVerdictWord>> = {
  trap: 'traps',
  risk: 'risks',
  'not-checked': 'not-checked',
  note: 'clean',
};
