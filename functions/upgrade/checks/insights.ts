import type { InsightFact } from '../../records/upgrade/aws-facts.ts';
import { defineCheck, type StepContext, type Verdict } from '../check.ts';
import { eksCommand } from './rules/command.ts';
import { listSome } from './rules/subject.ts';

/**
 * What EKS itself found out, for the version of this step or for any. Insights about deprecated APIs are judged with
 * all other evidence of them, those about the way back when somebody wants to go it. Only readiness for an upgrade can
 * block: other categories speak of settings. EKS has some of them about every cluster, so without any it has not looked.
 */
export const insights = defineCheck({
  code: 'insights',
  title: 'EKS itself sees nothing in the way of the new version',
  reads: ['insights'],
  judge: (facts, step) => {
    const isLookedAt = facts.insights.some(({ category }) => category === READINESS);
    const relevant = facts.insights.filter((insight) => concerns(insight, step) && insight.status in RANK);
    // Two of one name would hide each other: the worst of them speaks for all.
    const told = [...Map.groupBy(relevant, ({ name }) => name).values()].flatMap((same) => {
      const [worst] = same.toSorted((a, b) => rank(b) - rank(a));
      return worst ? [tell(worst, same, step)] : [];
    });
    return isLookedAt ? told : [...told, sayNone(step)];
  },
});

const READINESS = 'UPGRADE_READINESS';

const sayNone = (step: StepContext): Verdict => ({
  result: 'not-checked',
  subject: 'insights',
  message:
    'EKS has no insight into how ready the cluster is for an upgrade, as of one that is some hours old.',
  remedy: {
    text: 'Let EKS look now, and check again; it does so each day by itself.',
    command: eksCommand('start-insights-refresh', {}, step),
    link: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-insights.html',
  },
});

const concerns = ({ category, version, deprecations }: InsightFact, { to }: StepContext): boolean =>
  category !== 'ROLLBACK_READINESS' && deprecations.length === 0 && (version === undefined || version === to);

/** What does not pass, the worst the highest. */
const RANK: Readonly<Record<string, number>> = { WARNING: 1, UNKNOWN: 2, ERROR: 3 };
const rank = ({ status }: InsightFact): number => RANK[status] ?? 0;

const resultOf = ({ status, category }: InsightFact): Verdict['result'] => {
  if (status === 'UNKNOWN') return 'not-checked';
  return status === 'ERROR' && category === READINESS ? 'block' : 'warn';
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
