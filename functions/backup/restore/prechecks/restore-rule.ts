import type { Known } from '../../preflight/facts.ts';
import { notChecked, type PreflightVerdict } from '../../preflight/preflight-rule.ts';
import type { RestoreFacts } from './facts.ts';

/** One rule: a row of the registry. A new one is a file, and a line in `rules/registry.ts`. */
export interface RestoreRule {
  /** Stable, `kebab-case`; a person overrides by it. */
  readonly code: string;
  /** What must be so, as a sentence without its dot. */
  readonly title: string;
  /** Does a restore not begin as long as this could not be learned? Where a mistake is found half-way, it does not. */
  readonly ifUnknown: 'stop' | 'go-on';
  /** May a person let it pass? Not where the tool could not work, or two would work at once. */
  readonly mayOverride: boolean;
  /** At least one verdict, whatever the facts are. */
  readonly judge: (facts: RestoreFacts) => readonly PreflightVerdict[];
}

/** A rule over one fact: as long as that is not known, it is not checked, and says why. */
export const defineRestoreRule = <T>(
  definition: Omit<RestoreRule, 'judge'> & {
    readonly fact: (facts: RestoreFacts) => Known<T>;
    /** Where to look when the fact is not known, as a sentence. */
    readonly learn: string;
    readonly judge: (value: T, facts: RestoreFacts) => readonly PreflightVerdict[];
  },
): RestoreRule => {
  const { fact, learn, judge, ...row } = definition;
  return {
    ...row,
    judge: (facts) => {
      const found = fact(facts);
      if (found.known) return judge(found.value, facts);
      return [notChecked(`${row.title}: that could not be learned, since ${found.why}.`, learn)];
    },
  };
};
