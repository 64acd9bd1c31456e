import type { InsightFact } from '../../records/upgrade/aws-facts.ts';
import { defineCheck, type StepContext, type Verdict } from '../check.ts';
import { eksCommand } from './rules/command.ts';
import { listSome } from './rules/subject.ts';

/**
 * What EKS itself found out, for the version of this step or for any. Insights about deprecated APIs are judged with
 * all other evidence of them, those about the way back when somebody wants to go it. Only readiness for an upgrade can
 * block: other categories speak of settings.
 */
export const insights = defineCheck({
  code: 'insights',
  title: 'EKS itself sees nothing in the way of the new version',
  reads: ['insights'],
  judge: (facts, step) => {
    const relevant = facts.insights.filter((insight) => concerns(insight, step) && insight.status in RANK);
    // Two of one name would hide each other: the worst of them speaks for all.
    return [...Map.groupBy(relevant, ({ name }) => name).values()].flatMap((same) => {
      const [worst] = same.toSorted((a, b) => rank(b) - rank(a));
      return worst ? [tell(worst, same, step)] : [];
    });
  },
});

const concerns = ({ category, version, deprecations }: InsightFact, { to }: StepContext): boolean =>
  category !== 'ROLLBACK_READINESS' && deprecations.length === 0 && (version === undefined || version === to);

/** What does not pass, the worst the highest. */
const RANK: Readonly<Record<string, number>> = { WARNING: 1, UNKNOWN: 2, ERROR: 3 };
const rank = ({ status }: InsightFact): number => RANK[status] ?? 0;

const resultOf = ({ status, category }: InsightFact): Verdict['result'] => {
  if (status === 'UNKNOWN') return 'not-checked';
  return status === 'ERROR' && category === 'UPGRADE_READINESS' ? 'block' : 'warn';
};

const tell = (insight: InsightFact, same: readonly InsightFact[], step: StepContext): Verdict => {
  const [link] = Object.values(insight.links);
  const addons = same.flatMap(({ addons: listed }) => listed);
  return {
    result: resultOf(insight),
    subject: `insight ${insight.name}`,
    message:
      insight.status === 'UNKNOWN'
        ? `EKS could not find out: ${insight.reason}`
        : `EKS says ${insight.status}: ${insight.reason}`,
    remedy: {
      text: insight.recommendation === '' ? insight.description : insight.recommendation,
      command: eksCommand('describe-insight', { id: insight.id }, step),
      ...(link === undefined ? {} : { link }),
    },
    evidence: [
      ...(insight.refreshedAt === undefined ? [] : [`refreshed by EKS at ${insight.refreshedAt}`]),
      ...addons.map(({ name, compatible }) => `${name}: ${compatible.join(', ')}`),
      ...listSome(same.flatMap(({ resources }) => resources.map(({ name, status }) => `${name}: ${status}`))),
    ],
  };
};
