import type { Severity, ValuesFinding } from '../../values/finding.ts';
import { definePreflightRule, type PreflightOutcome, pass } from '../preflight-rule.ts';

/** A trap surely loses something; what is only a risk was there yesterday as well. */
const OUTCOMES: Readonly<Record<Severity, PreflightOutcome>> = {
  trap: 'refuse',
  risk: 'warn',
  'not-checked': 'not-checked',
  note: 'pass',
};

/** Traps that spoil GitLab itself, or its next upgrade, and no archive: a backup is the very thing they call for. */
const BESIDE_THE_ARCHIVE: ReadonlySet<string> = new Set([
  'bundled-services',
  'gitaly-volumes',
  'postgresql-version',
]);

const outcomeOf = ({ code, severity }: Pick<ValuesFinding, 'code' | 'severity'>): PreflightOutcome =>
  severity === 'trap' && BESIDE_THE_ARCHIVE.has(code) ? 'warn' : OUTCOMES[severity];

/** What the values linter found; each of its findings becomes one here. */
export const valuesTraps = definePreflightRule({
  code: 'values-traps',
  title: 'The values of the chart hold no trap',
  ifUnknown: 'go-on',
  concerns: 'job',
  fact: ({ values }) => values,
  learn: 'Give the reader of secrets the right to get the Secret of the Helm release, where its values are.',
  judge: (findings) => {
    const told = findings.filter(({ severity }) => severity !== 'note');
    if (told.length === 0) return [pass('The values hold no known trap.')];
    return told.map(({ code, severity, path, message, remedy }) => ({
      outcome: outcomeOf({ code, severity }),
      message: `${path}: ${message}`,
      remedy,
    }));
  },
});
