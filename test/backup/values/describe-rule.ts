import { describe, expect, it } from 'vitest';
import type { LintContext, ValuesRule } from '../../../functions/backup/values/rule.ts';
import { lintValues } from '../../../functions/backup/values/values-report.ts';
import { ORDINARY_CONTEXT, ordinaryWith } from './ordinary-values.ts';

/** One row of the table of a rule: its title is the assertion. */
export interface RuleCase {
  readonly it: string;
  /** What differs from the ordinary installation, as YAML. */
  readonly given: string;
  /** What differs from what is known of it; `undefined` takes a fact away. */
  readonly knowing?: { readonly [Key in keyof LintContext]?: LintContext[Key] | undefined };
  /** Severity and path of each finding: `trap gitlab.toolbox.backups.cron.enabled`. */
  readonly finds: readonly string[];
  /** Texts that must be somewhere in the findings. */
  readonly says?: readonly string[];
}

const contextOf = ({ knowing = {} }: RuleCase): LintContext => {
  const { clock = 'outside', ...facts } = { ...ORDINARY_CONTEXT, ...knowing };
  const known = Object.entries(facts).filter(([, fact]) => fact !== undefined);
  return { clock, ...Object.fromEntries(known) };
};

/** The table of a rule. Whatever the row is about, each finding has to be of use to a person. */
export const describeRule = (rule: ValuesRule, cases: readonly RuleCase[]): void => {
  describe(`${rule.code}: ${rule.title}`, () => {
    it.each([...cases])('$it', (row) => {
      const { findings, notes } = lintValues(ordinaryWith(row.given), contextOf(row), [rule]);
      const all = [...findings, ...notes];
      expect(all.map(({ severity, path }) => `${severity} ${path}`)).toEqual(row.finds);
      const text = all.map(({ message, remedy }) => `${message}\n${remedy}`).join('\n');
      for (const words of row.says ?? []) expect(text).toContain(words);
      for (const { message, remedy } of all) {
        expect(message).toMatch(/^\S.{20,}\.$/s);
        expect(remedy).toMatch(/^[A-Z].{10,}\.$/s);
        expect(`${message} ${remedy}`).not.toMatch(/undefined|\[object|NaN/);
      }
    });
  });
};
