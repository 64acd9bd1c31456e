import type { RestorePrecheck } from '../../../records/backup/restore-plan.ts';
import type { RestoreFacts } from './facts.ts';
import type { RestoreRule } from './restore-rule.ts';

interface PrecheckReport {
  /** Nothing stands in the way, or a person lets it pass. */
  readonly mayStart: boolean;
  /** Worst first, rules in the order of the registry. */
  readonly checks: readonly RestorePrecheck[];
}

const ORDER: readonly RestorePrecheck['outcome'][] = ['refuse', 'not-checked', 'warn', 'pass'];

/** Checks that are no rules: those that come behind the restore, the step that may be left out, and whose place it is. */
const LATER = ['doctor-secrets', 'gitlab-check', 'restore-log', 'safety-backup', 'own-places'];

/** Judges what was gathered before a restore. Overrides count by the code of a check; one of no check is refused. */
export const judgePrechecks = (facts: RestoreFacts, rules: readonly RestoreRule[]): PrecheckReport => {
  const { overrides } = facts.request;
  const known = [...rules.map(({ code }) => code), ...LATER];
  const strangers = overrides
    .filter(({ check }) => !known.includes(check))
    .map(
      ({ check }): RestorePrecheck => ({
        code: 'overrides',
        outcome: 'refuse',
        message: `There is no check "${check}" to pass over.`,
        remedy: `Write one of ${known.join(', ')}.`,
        stops: true,
      }),
    );
  const all = rules.flatMap(({ code, ifUnknown, mayOverride, judge }) =>
    judge(facts).map(({ outcome, message, remedy }): RestorePrecheck => {
      const stops = outcome === 'refuse' || (outcome === 'not-checked' && ifUnknown === 'stop');
      const override = mayOverride ? overrides.find(({ check }) => check === code)?.why : undefined;
      return {
        code,
        outcome,
        message,
        ...(remedy === undefined ? {} : { remedy }),
        stops: stops && override === undefined,
        ...(stops && override !== undefined ? { override } : {}),
      };
    }),
  );
  const checks = ORDER.flatMap((outcome) => [...strangers, ...all].filter((one) => one.outcome === outcome));
  return { mayStart: checks.length > 0 && checks.every(({ stops }) => !stops), checks };
};
