import type { ClusterFact, VersionFact } from '../../records/upgrade/aws-facts.ts';
import { DAY_MS } from '../../rules/utc-days.ts';
import { defineCheck, type StepContext, type Verdict } from '../check.ts';
import { count } from './rules/subject.ts';

/** From how many days before its end standard support is spoken of; the stages of messages begin earlier. */
const NOTICE_DAYS = 60;

/** Support of the version that the cluster has. It never blocks: to upgrade is what helps. */
export const supportEnd = defineCheck({
  code: 'support-end',
  title: 'The version of the cluster is in standard support for two more months',
  reads: ['versions', 'cluster'],
  judgesPartly: true,
  judge: ({ versions, cluster }, step) => {
    const known = versions.find(({ version }) => version === step.current);
    if (!known) return [sayUnknown(step)];
    const left = wholeDays(known.standardEnds, step.now);
    return left <= NOTICE_DAYS ? [tell(known, left, cluster[0], step)] : [];
  },
});

/** Days from today to a day, both in UTC: 0 on the day itself. */
const wholeDays = (day: string, now: Date): number =>
  Math.floor(Date.parse(day) / DAY_MS) - Math.floor(now.getTime() / DAY_MS);

const LINK = 'https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html';

const tell = (
  { version, standardEnds, extendedEnds, source }: VersionFact,
  left: number,
  cluster: ClusterFact | undefined,
  step: StepContext,
): Verdict => ({
  result: 'warn',
  subject: 'cluster',
  message:
    left <= 0 && cluster?.supportType === 'STANDARD'
      ? `Standard support of ${version} ended on ${standardEnds}, and its policy is STANDARD: EKS may move the control plane at any moment, without notice, and nodes and add-ons stay behind.`
      : `${describeState(version, standardEnds, extendedEnds, left, step.now)}${describeMove(cluster, left)}`,
  remedy: { text: `Upgrade to ${step.to} before ${left > 0 ? 'that' : 'EKS does'}.`, link: LINK },
  evidence: [
    `${version}: standard support ends on ${standardEnds}, extended support on ${extendedEnds} (UTC)`,
    source === 'eks' ? 'as EKS says' : 'by our own calendar, for EKS could not be asked',
    ...(cluster ? [`upgrade policy ${cluster.supportType}`] : []),
  ],
});

const describeState = (
  version: string,
  standardEnds: string,
  extendedEnds: string,
  left: number,
  now: Date,
): string => {
  if (left > 0) return `Standard support of ${version} ends in ${count(left, 'day')}, on ${standardEnds}.`;
  const extended = wholeDays(extendedEnds, now);
  return extended > 0
    ? `${version} is in extended support since ${standardEnds}, which is charged by the hour; it ends in ${count(extended, 'day')}, on ${extendedEnds}.`
    : `EKS supports ${version} no more since ${extendedEnds}: it may move the control plane at any moment, without notice.`;
};

/** The policy is a wish for the time after standard support; it changes nothing any more once extended support runs. */
const describeMove = (cluster: ClusterFact | undefined, left: number): string => {
  if (!cluster || left <= 0) return '';
  return cluster.supportType === 'STANDARD'
    ? ' Its policy is STANDARD: EKS moves the control plane by itself at any moment after that day, and nodes and add-ons stay behind.'
    : ' Its policy is EXTENDED: it stays where it is, and the surcharge of extended support begins that day.';
};

const sayUnknown = ({ current, region }: StepContext): Verdict => ({
  result: 'not-checked',
  subject: 'cluster',
  message: `The calendar does not know ${current}, so nobody can say until when it is supported.`,
  remedy: {
    text: 'Ask EKS for all versions, those it no longer supports too.',
    command: `aws eks describe-cluster-versions --region ${region} --include-all`,
    link: LINK,
  },
});
