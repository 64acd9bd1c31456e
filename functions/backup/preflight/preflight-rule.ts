import type { Known, PreflightFacts } from './facts.ts';

/** `not-checked`: what decides is not known; it never counts as a pass. */
export type PreflightOutcome = 'refuse' | 'not-checked' | 'warn' | 'pass';

/** What a rule found. */
export interface PreflightVerdict {
  readonly outcome: PreflightOutcome;
  /** One or two sentences. */
  readonly message: string;
  /** What to do; a pass needs nothing. */
  readonly remedy?: string;
}

/** One rule: a row of the registry. A new one is a file, and a line in `rules/registry.ts`. */
export interface PreflightRule {
  /** Stable, `kebab-case`. */
  readonly code: string;
  /** What must be so, as a sentence without its dot. */
  readonly title: string;
  /**
   * May a backup start although this could not be learned? `stop` where starting could harm what runs or was said to be
   * left alone; `go-on` where the backup would merely fail, or be found wanting when it is verified: then a backup that
   * is tried is worth more than one that is not.
   */
  readonly ifUnknown: 'stop' | 'go-on';
  /**
   * What it is asked for: every run, those that need the Job of the tool, or those whose archive holds what GitLab keeps
   * in buckets.
   */
  readonly concerns: 'run' | 'job' | 'archive';
  /** At least one verdict, whatever the facts are. */
  readonly judge: (facts: PreflightFacts) => readonly PreflightVerdict[];
}

/** A rule over one fact: as long as that is not known, it is not checked, and says why. */
export const definePreflightRule = <T>(definition: {
  readonly code: string;
  readonly title: string;
  readonly ifUnknown: 'stop' | 'go-on';
  readonly concerns: PreflightRule['concerns'];
  readonly fact: (facts: PreflightFacts) => Known<T>;
  /** Where to look when the fact is not known, as a sentence. */
  readonly learn: string;
  readonly judge: (value: T, facts: PreflightFacts) => readonly PreflightVerdict[];
}): PreflightRule => {
  const { code, title, ifUnknown, concerns, fact, learn, judge } = definition;
  return {
    code,
    title,
    ifUnknown,
    concerns,
    judge: (facts) => {
      const found = fact(facts);
      if (found.known) return judge(found.value, facts);
      return [notChecked(`${title}: that could not be learned, since ${found.why}.`, learn)];
    },
  };
};

export const pass = (message: string): PreflightVerdict => ({ outcome: 'pass', message });
export const warn = (message: string, remedy: string): PreflightVerdict => ({
  outcome: 'warn',
  message,
  remedy,
});
export const refuse = (message: string, remedy: string): PreflightVerdict => ({
  outcome: 'refuse',
  message,
  remedy,
});
export const notChecked = (message: string, remedy: string): PreflightVerdict => ({
  outcome: 'not-checked',
  message,
  remedy,
});
