import type { InsightFact } from '../../records/upgrade/aws-facts.ts';
import type { StepContext, Verdict } from '../check.ts';
import { eksCommand } from '../checks/rules/command.ts';
import { count, listSome } from '../checks/rules/subject.ts';
import { type ApiCall, type CountedRequests, isAboutApis, keyOfResource } from './api-calls.ts';
import { judgeApi } from './judgement.ts';
import { linkOf } from './object-remedy.ts';
import { lookupRuledResource } from './table.ts';

const INSIGHTS_PAGE = 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-insights.html';

/**
 * One verdict a client. It blocks while the client still calls what the step takes away; who has been silent for days
 * has most likely been mended. Our own calls are named, and do not count.
 */
export const judgeClients = (calls: readonly ApiCall[], step: StepContext): Verdict[] => {
  const relevant = calls.filter(
    ({ standing, isStale, isOwn }) => standing === 'removed' || (standing !== 'fine' && !isStale && !isOwn),
  );
  return [...Map.groupBy(relevant, ({ userAgent }) => userAgent)].flatMap(([userAgent, own]) => {
    const [worst] = own.toSorted((a, b) => weigh(b) - weigh(a));
    if (!worst) return [];
    return [
      {
        result: stillCalls(worst) ? 'block' : 'warn',
        subject: `client ${userAgent}`,
        message: tell(worst, step),
        remedy: mend(worst, step),
        evidence: listSome(own.map(describe)),
      },
    ];
  });
};

/** A recent call; or one without a time of which EKS itself says that it is in the way. */
const stillCalls = ({ standing, isStale, isOwn, lastRequest, insight }: ApiCall): boolean =>
  standing === 'removed' && !isStale && !isOwn && (lastRequest !== undefined || insight.status === 'ERROR');

const weigh = (call: ApiCall): number =>
  (stillCalls(call) ? 4 : 0) + (call.standing === 'removed' ? 2 : 0) + (call.isStale ? 0 : 1);

const tell = (call: ApiCall, { to }: StepContext): string => {
  const { isOwn, isStale, lastRequest, removedIn, standing } = call;
  const api = keyOfResource(call);
  if (isOwn) {
    return `Drydock itself listed ${api}, because the API server served nothing else; EKS shows that call for up to 30 days, and it breaks nothing.`;
  }
  if (standing === 'removed' && isStale) {
    return `It called ${api}, which ${to} no longer serves: stale, no call since ${lastRequest}. EKS keeps showing it for up to 30 days.`;
  }
  if (standing === 'removed') return `It calls ${api}, which ${to} no longer serves: its calls fail then.`;
  if (standing === 'already-removed') return `It calls ${api}, which has not been served since ${removedIn}.`;
  return `It calls ${api}, which is deprecated and goes in ${removedIn}.`;
};

const mend = (call: ApiCall, step: StepContext): Verdict['remedy'] => {
  const instead = call.replacedWith === '' ? 'another API' : call.replacedWith;
  return {
    text: call.isOwn
      ? 'Nothing is to be done.'
      : `Update the client, or what it is set up with, to a version that asks for ${instead}.`,
    command: eksCommand('describe-insight', { id: call.insight.id }, step),
    link: INSIGHTS_PAGE,
  };
};

const describe = ({ requests30Days, lastRequest, insight, ...api }: ApiCall): string =>
  `${keyOfResource(api)}: ${count(requests30Days, 'request')} in 30 days${lastRequest === undefined ? '' : `, the last at ${lastRequest}`} (${insight.name})`;

/** Insights about APIs that name no client: an ERROR for this step blocks by itself, a WARNING warns, UNKNOWN is no answer. */
export const judgeSilentInsights = (
  insights: readonly InsightFact[],
  calls: readonly ApiCall[],
  step: StepContext,
): Verdict[] => {
  const named = new Set(calls.map(({ insight }) => insight));
  return insights
    .filter((insight) => isAboutApis(insight) && !named.has(insight) && concerns(insight, step))
    .map((insight) => ({
      result: SILENT_RESULTS[insight.status] ?? 'not-checked',
      subject: `insight ${insight.name}`,
      message:
        insight.status === 'UNKNOWN'
          ? `EKS could not find out who calls APIs that ${step.to} no longer serves: ${insight.reason}`
          : `EKS says ${insight.status} and names no client: ${insight.reason}`,
      remedy: {
        text: insight.recommendation === '' ? insight.description : insight.recommendation,
        command: eksCommand('describe-insight', { id: insight.id }, step),
        link: INSIGHTS_PAGE,
      },
      evidence: listSome(insight.deprecations.map(({ usage }) => usage)),
    }));
};

const SILENT_RESULTS: Readonly<Record<string, Verdict['result']>> = { ERROR: 'block', WARNING: 'warn' };

const concerns = ({ status, version, category }: InsightFact, { to }: StepContext): boolean =>
  category === 'UPGRADE_READINESS' && status !== 'PASSING' && (version === undefined || version === to);

/** Requests that the API server counted and nothing else explains: somebody asks, and nobody can say who. */
export const judgeRequests = (counted: readonly CountedRequests[], step: StepContext): Verdict[] =>
  counted.flatMap((one): Verdict[] => {
    const row = lookupRuledResource(one.group, one.version, one.resource);
    const standing = row ? judgeApi(row, step) : 'fine';
    if (row?.component !== 'Kubernetes' || (standing !== 'removed' && standing !== 'deprecated')) return [];
    const end =
      standing === 'removed'
        ? `which ${step.to} no longer serves`
        : `which is deprecated${row.removed === undefined ? '' : ` and goes in ${row.removed}`}`;
    return [
      {
        result: 'warn',
        subject: `requests of ${keyOfResource(one)}`,
        message: `Somebody asked for ${keyOfResource(one)}, ${end}; the API server does not say who.`,
        remedy: {
          text: 'The audit log of the control plane names the client, and the insights of EKS do after a day.',
          command: 'kubectl get --raw /metrics | grep apiserver_requested_deprecated_apis',
          link: linkOf(row),
        },
        evidence: [`${count(one.requests, 'request')} since the API server started`],
      },
    ];
  });
