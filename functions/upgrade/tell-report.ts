import type * as z from 'zod';
import { openGitLab } from '../clients/gitlab.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import type { Outbox } from '../clients/outbox.ts';
import { readSecret } from '../clients/secrets.ts';
import {
  type ClusterState,
  clusterStateKey,
  clusterStateKind,
  pageKey,
  reportKind,
  type UpgradeReport,
} from '../records/upgrade/report.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { DefectError, isDrydockError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { type ClusterSubject, findSubject } from './cluster-subjects.ts';
import { noteBlind } from './report/report-news.ts';
import { composeReportNotice } from './report/report-notice.ts';
import { findStage, isNews } from './report/support-stage.ts';
import * as contract from './tell-report.contract.ts';
import { composeIssue, type IssueText } from './telling/issue-text.ts';
import { wireTelling } from './telling/wiring.ts';
import { readSubjects } from './wiring.ts';

/** Keeps the issue of a cluster: makes it, or brings the one of this number up to date. Gives its number. */
type KeepIssue = (text: IssueText, known: number | undefined) => Promise<number>;

interface Deps {
  readonly ledger: Ledger;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
  /** Name of the bucket in which the pages lie. */
  readonly bucket: string;
  /** How the issue of a cluster is kept; undefined where drydock.yaml asks for none. */
  readonly issueOf: (cluster: string) => KeepIssue | undefined;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Tells people what is new in a report, once: what came and went, another verdict, a stage of the support calendar.
 * The stage is noted after it was told, so that a Lambda that dies in between tells it again under the same id, which
 * the outbox keeps back. An issue that cannot be kept is said in the answer, and keeps no message from being sent.
 */
export const run = async (
  { check }: Input,
  deps: Deps,
  { log }: Pick<Invocation, 'log'>,
): Promise<Output> => {
  if (check.gate) return { outcome: 'for-a-pipeline' };
  const { key } = check.report;
  const report = (await deps.ledger.read(reportKind, key))?.value;
  if (!report) throw new DefectError('report.missing', `There is no report at ${key}.`);
  const state = (await deps.ledger.read(clusterStateKind, clusterStateKey(report.cluster)))?.value;
  const page = `s3://${deps.bucket}/${pageKey(key, 'html')}`;
  const notice = composeReportNotice(report, state, { page });
  if (notice) await deps.outbox.tell(notice);
  const issue = await bringUpToDate(report, state, deps, log);
  await note(report, { issue: issue.issue, isMessageSent: notice !== undefined }, deps);
  return { outcome: notice ? 'told' : 'nothing-new', ...(notice && { notice: notice.id }), ...issue };
};

const bringUpToDate = async (
  report: UpgradeReport,
  state: ClusterState | undefined,
  { issueOf }: Deps,
  log: Invocation['log'],
): Promise<Pick<Output, 'issue' | 'issueProblem'>> => {
  const keep = issueOf(report.cluster);
  // Nobody needs an issue to read that there is nothing to do.
  if (!keep || (report.verdict === 'clean' && state?.issue === undefined)) return {};
  try {
    return { issue: await keep(composeIssue(report), state?.issue) };
  } catch (error) {
    if (!isDrydockError(error)) throw error;
    log.warn(error.message, { cluster: report.cluster, code: error.code });
    return { issueProblem: error.message };
  }
};

const note = async (
  report: UpgradeReport,
  { issue, isMessageSent }: { readonly issue: number | undefined; readonly isMessageSent: boolean },
  { ledger, clock }: Deps,
): Promise<void> => {
  const { cluster, support, current } = report;
  const stage = findStage(support, current);
  await updateRecord(
    ledger,
    clusterStateKind,
    clusterStateKey(cluster),
    (state): ClusterState | undefined => {
      const isStageNew = stage && isNews(stage, state?.stageTold);
      const isIssueNew = issue !== undefined && issue !== state?.issue;
      const blindTold = noteBlind(report, state?.blindTold, isMessageSent);
      const isBlindNew = blindTold.join() !== (state?.blindTold ?? []).join();
      if (!state || !(isStageNew || isIssueNew || isBlindNew)) return undefined;
      return {
        ...state,
        ...(isStageNew && { stageTold: stage }),
        ...(isIssueNew && { issue }),
        ...(isBlindNew && { blindTold }),
      };
    },
    clock,
  );
};

/** The token is read when it is needed, so that a rotation acts at once. */
const openIssueOf =
  (subjects: readonly ClusterSubject[]): Deps['issueOf'] =>
  (cluster) => {
    const gitlab = findSubject(subjects, cluster)?.settings.gitlab;
    if (!gitlab?.issue) return undefined;
    return async (text, known) => {
      const { keepIssue } = openGitLab({ url: gitlab.url, token: await readSecret(gitlab.token.secret) });
      return (await keepIssue(gitlab.project, { ...text, known })).number;
    };
  };

export const handler = makeLambda({
  contract,
  deps: (env) => ({
    clock: systemClock,
    bucket: env.LEDGER_BUCKET,
    issueOf: openIssueOf(readSubjects()),
    ...wireTelling(env),
  }),
  run,
});
