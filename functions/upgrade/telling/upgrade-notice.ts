import { createHash } from 'node:crypto';
import type { Notice } from '../../records/message.ts';
import type {
  GateOutcome,
  PlanStep,
  RunOutcome,
  UpgradePlan,
  UpgradeRun,
} from '../../records/upgrade/plan.ts';
import { linkExecution } from '../../rules/console-link.ts';
import { describeGates, describePlan, foldLines } from './plan-text.ts';
import { describeWayBack } from './way-back.ts';

/** Reasons that a message takes (rules/message-text.ts), and how many of them are left to the gates. */
const MAX_REASONS = 20;
const MAX_GATES = 7;

/** What every notice about a plan has in common. */
const about = (plan: UpgradePlan, now: Date) => {
  const { cluster, environment, execution } = plan;
  return {
    version: 1 as const,
    capability: 'upgrade' as const,
    target: cluster,
    environment,
    execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
    stop: 'Start the control machine with {"pause":"capability/upgrade","by":"<you>","why":"<why>"}',
    at: now.toISOString(),
  };
};

const nameOf = ({ direction, cluster, from, to }: UpgradePlan): string =>
  direction === 'rollback'
    ? `${cluster}: way back from ${from} to ${to}`
    : from === to
      ? `${cluster}: rest of the upgrade to ${to}`
      : `${cluster}: upgrade from ${from} to ${to}`;

/**
 * Asks for the approval of a plan. The command answers the task token, which stands nowhere else; who runs it is in
 * CloudTrail. Step Functions makes a new token for each attempt, so the notice is named after it: an earlier one
 * answers nothing any more.
 */
export const composeApprovalNotice = (
  plan: UpgradePlan,
  gates: readonly GateOutcome[],
  { token, hours, now }: { readonly token: string; readonly hours: number; readonly now: Date },
): Notice => {
  const region = plan.execution.arn.split(':')[3] ?? '';
  const answer = JSON.stringify({ plan: plan.id, by: '<you>' });
  return {
    ...about(plan, now),
    id: `${plan.execution.name}-${createHash('sha256').update(token).digest('hex').slice(0, 12)}-approval`,
    outcome: 'approval-wanted',
    severity: 'warning',
    happened: `${nameOf(plan)} waits for its approval: ${plan.request.by} asks for it (${plan.request.why}).`,
    matters: `Everybody who works with ${plan.environment}.`,
    did: `Made the plan ${plan.id}, with ${plan.steps.length} steps; nothing was changed yet.`,
    next:
      `Somebody other than ${plan.request.by} reads the plan below and the console page, puts a name in place of ` +
      `<you>, and runs the command within ${hours} hours. Without it nothing happens.`,
    command: `aws stepfunctions send-task-success --region ${region} --task-token '${token}' --task-output '${answer}'`,
    reasons: [
      ...foldLines(describePlan(plan), MAX_REASONS - MAX_GATES),
      ...foldLines(describeGates(gates), MAX_GATES),
    ],
  };
};

/** Gives a plan to whoever owns the definition of the cluster. */
export const composeHandOverNotice = (
  plan: UpgradePlan,
  { hours, now, offer }: { readonly hours: number; readonly now: Date; readonly offer: string | undefined },
): Notice => ({
  ...about(plan, now),
  id: `${plan.execution.name}-hand-over`,
  outcome: 'handed-over',
  severity: 'warning',
  happened: `${nameOf(plan)} is yours to carry out: its definition belongs to somebody else than Drydock.`,
  matters: `Whoever owns the definition of ${plan.cluster} (Terraform, eksctl, CDK).`,
  did: `Made the plan ${plan.id}${offer === undefined ? '' : `, and ${offer}`}; Drydock calls no update of EKS here.`,
  next: `Make each change in this order. Drydock watches: each is waited for ${hours} hours, and verified.`,
  reasons: foldLines(describePlan(plan), MAX_REASONS),
});

/** Asks whoever owns the definition for the next minor, when all that comes before it is done. */
export const composeNextChangeNotice = (
  plan: UpgradePlan,
  move: Pick<PlanStep, 'id' | 'title' | 'minor'>,
  { hours, now, offer }: { readonly hours: number; readonly now: Date; readonly offer: string | undefined },
): Notice => ({
  ...about(plan, now),
  id: `${plan.execution.name}-hand-over-${move.minor}`,
  outcome: 'handed-over',
  severity: 'warning',
  happened: `${nameOf(plan)} has come to its next change: ${move.title}.`,
  matters: `Whoever owns the definition of ${plan.cluster} (Terraform, eksctl, CDK).`,
  did: `Verified all that comes before it${offer === undefined ? '' : `, and ${offer}`}; Drydock calls no update of EKS here.`,
  next: `Make this change. Drydock waits for it for ${hours} hours, and verifies it.`,
  reasons: [],
});

const ENDS: Readonly<Record<RunOutcome, { readonly severity: Notice['severity']; readonly word: string }>> = {
  planned: { severity: 'info', word: 'was planned' },
  'nothing-to-do': { severity: 'info', word: 'has nothing to do' },
  refused: { severity: 'warning', word: 'was refused' },
  'not-approved': { severity: 'warning', word: 'was not approved' },
  upgraded: { severity: 'info', word: 'is done' },
  'rolled-back': { severity: 'info', word: 'is done' },
  stopped: { severity: 'critical', word: 'has stopped in front of its next step' },
  'handed-over': { severity: 'warning', word: 'did not come in time from its owner' },
  abandoned: { severity: 'critical', word: 'was left in the middle: its execution ended' },
};

/** Tells the end of a run: what was done, where it stands, and how to go on or back. */
export const composeEndNotice = (run: UpgradeRun, outcome: RunOutcome, now: Date): Notice => {
  const { plan } = run;
  const { severity, word } = ENDS[outcome];
  const done = run.steps.filter(({ state }) => state === 'done' || state === 'skipped').length;
  return {
    ...about(plan, now),
    id: `${plan.execution.name}-${outcome}`,
    outcome,
    severity,
    happened: `${nameOf(plan)} ${word}.`,
    matters: `Everybody who works with ${plan.environment}.`,
    did: `${done} of ${plan.steps.length} steps are done. The cluster is unlocked, and its alarms count again.`,
    next: nextOf(run, outcome, now),
    reasons: [...run.reasons, ...describeSteps(run)],
  };
};

const nextOf = (run: UpgradeRun, outcome: RunOutcome, now: Date): string => {
  if (outcome === 'upgraded') return `Nothing. ${describeWayBack(run, now)}`;
  if (outcome === 'rolled-back') return 'Find out what was wrong before the next try.';
  if (outcome === 'refused' || outcome === 'not-approved')
    return 'See to the reasons, and start upgrade again.';
  const goOn = 'See to the reasons; then start upgrade again: it goes on where the cluster stands.';
  return `${goOn} ${describeWayBack(run, now)}`;
};

const describeSteps = ({ plan, steps }: UpgradeRun): string[] =>
  plan.steps.map((step) => {
    const state = steps.find(({ id }) => id === step.id);
    return `${state?.state ?? 'waiting'}: ${step.title}`;
  });
