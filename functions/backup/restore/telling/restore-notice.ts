import { createHash } from 'node:crypto';
import type { RestoreOutcome, RestoreRun } from '../../../records/backup/restore.ts';
import { placeOf, type RestorePlan } from '../../../records/backup/restore-plan.ts';
import type { Notice } from '../../../records/message.ts';
import { linkExecution } from '../../../rules/console-link.ts';
import { listChoices } from '../choice.ts';
import { describeLeftData, describeRestore, describeRestorePlan } from './restore-lines.ts';

/** What people are told of a restore: when it asks, when it is held, and when it has ended. */

/** Reasons that a message takes (rules/message-text.ts). */
const MAX_REASONS = 20;

const about = (plan: RestorePlan, execution: RestoreRun['execution'], now: Date) => ({
  version: 1 as const,
  capability: 'backup' as const,
  target: placeOf(plan.target),
  environment: plan.target.environment,
  execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
  stop: 'Start the control machine with {"pause":"capability/backup","by":"<you>","why":"<why>"}',
  at: now.toISOString(),
});

const nameOf = ({ set, target }: RestorePlan): string =>
  `Restore of ${set.environment} (set ${set.id}) into ${target.kind === 'scratch' ? 'its scratch place' : target.environment}`;

/** Step Functions makes a new token for each attempt; a notice is named after it. */
const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 12);

const answerCommand = (execution: RestoreRun['execution'], token: string, answer: object): string =>
  `aws stepfunctions send-task-success --region ${execution.arn.split(':')[3] ?? ''} --task-token '${token}' --task-output '${JSON.stringify(answer)}'`;

const cutLines = (lines: readonly string[]): string[] =>
  lines.length <= MAX_REASONS
    ? [...lines]
    : [...lines.slice(0, MAX_REASONS - 1), `and ${lines.length - MAX_REASONS + 1} more, in the record`];

/** Asks for the approval of a plan, with the command that gives it. */
export const composeRestoreApprovalNotice = (
  plan: RestorePlan,
  { token, hours, now }: { readonly token: string; readonly hours: number; readonly now: Date },
): Notice => ({
  ...about(plan, plan.execution, now),
  id: `${plan.execution.name}-${tokenHash(token)}-approval`,
  outcome: 'approval-wanted',
  severity: 'warning',
  happened: `${nameOf(plan)} waits for its approval: ${plan.request.by} asks for it (${plan.request.why}).`,
  matters: `Everybody who works with ${plan.target.environment}: what is there now is replaced by ${plan.takenAt}.`,
  did: `Made the plan ${plan.id}; nothing was changed yet.`,
  next:
    `Somebody other than ${plan.request.by} reads the plan below, puts a name in place of <you>, and runs the command ` +
    `within ${hours} hours. Without it nothing happens.`,
  command: answerCommand(plan.execution, token, { plan: plan.id, by: '<you>' }),
  reasons: cutLines(describeRestorePlan(plan)),
});

/** The one page of a restore that failed behind its first destructive step. */
export const composeHoldNotice = (
  run: RestoreRun,
  { token, now }: { readonly token: string; readonly now: Date },
): Notice => {
  const { plan, execution, failure, safetySet, destructiveAt } = run;
  const choices = listChoices(run);
  const answer = { restore: run.id, choice: `<${choices.join('|')}>`, by: '<you>', why: '<why>' };
  return {
    ...about(plan, execution, now),
    id: `${execution.name}-${tokenHash(token)}-held`,
    outcome: 'held',
    severity: 'critical',
    happened: `${nameOf(plan)} failed at ${failure?.step ?? 'a step'}, and a person has to choose.`,
    matters: `Everybody who works with ${plan.target.environment}: web and Sidekiq stay at 0 until then.`,
    did:
      destructiveAt === undefined
        ? 'Destroyed nothing; what it had changed could not be set back in full.'
        : `Kept it closed: since ${destructiveAt} its data is being replaced, and it may be half of each.`,
    next: choices.map((choice) => CHOICES[choice](safetySet?.id ?? '', plan)).join(' '),
    command: answerCommand(execution, token, answer),
    reasons: cutLines([...(failure?.reasons ?? []), ...describeRestore(run)]),
  };
};

const CHOICES = {
  resume: () => 'resume: see to the reasons, and go on at the step that failed.',
  'put-back': (set: string, { native }: Pick<RestorePlan, 'native'>) =>
    native
      ? `put-back: bring back the database and the objects of before, and the repositories of ${set}.`
      : `put-back: bring back what was there before, from ${set} and the tmp bucket.`,
  'open-anyway': () => 'open-anyway: scale up what stands there, as it is.',
  abandon: () => 'abandon: end it; all stays at 0 as it stands, with whatever data lie there.',
} as const;

interface EndText {
  readonly severity: Notice['severity'];
  /** Goes on after the name of the restore. */
  readonly word: string;
  readonly did: string;
  readonly next: string;
}

const UNTOUCHED = 'Replaced nothing.';
const ENDS: Readonly<Record<RestoreOutcome, EndText>> = {
  planned: { severity: 'info', word: 'was planned', did: UNTOUCHED, next: 'Start it with dryRun false.' },
  refused: {
    severity: 'warning',
    word: 'was refused',
    did: UNTOUCHED,
    next: 'See to the reasons; then start restore again.',
  },
  'not-approved': {
    severity: 'warning',
    word: 'was not approved',
    did: UNTOUCHED,
    next: 'Start restore again when it is.',
  },
  restored: {
    severity: 'info',
    word: 'is done',
    did: 'Restored and checked it, and scaled it back to what was recorded.',
    next: 'The password of root is that of the backup. Whatever came after the backup is missing.',
  },
  'restored-unwell': {
    severity: 'critical',
    word: 'is done, and not all is well',
    did: 'Restored and checked it, and opened it; what was looked at then was not as it should be.',
    next: 'See to the reasons; it is open, and people work there.',
  },
  undone: {
    severity: 'critical',
    word: 'failed, and was undone',
    did: 'Replaced nothing, and set back all that it had changed.',
    next: 'See to the reasons; then start restore again.',
  },
  'undone-in-part': {
    severity: 'critical',
    word: 'failed, and was undone but for what somebody else has changed',
    did: 'Replaced nothing, and set back what was still as it had left it.',
    next: 'Look at the objects that were left; then start restore again.',
  },
  'put-back': {
    severity: 'critical',
    word: 'failed, and what was there before is back',
    did: 'Restored the safety backup, and copied the objects back.',
    next: 'Whatever came after the safety backup is missing. See to the reasons before the next try.',
  },
  'opened-anyway': {
    severity: 'critical',
    word: 'failed, and was opened all the same',
    did: 'Scaled up what stands there, as a person chose.',
    next: 'Its data may be half of the backup and half of before; the steps below tell which were done.',
  },
  abandoned: {
    severity: 'warning',
    word: 'failed, and was left as it stands',
    did: 'Opened nothing and set nothing back: web and Sidekiq stay at 0. Its locks are free.',
    next: 'Restore there again, or destroy what lies there.',
  },
  'given-back': {
    severity: 'info',
    word: 'of a drill has given its place back',
    did: 'Gave the place its own database and Secrets again, and deleted what was made of the backup.',
    next: 'Nothing.',
  },
};

/** Tells the end of a run. */
export const composeRestoreEndNotice = (
  run: RestoreRun & { readonly outcome: RestoreOutcome },
  now: Date,
): Notice => {
  const { severity, word, did, next } = ENDS[run.outcome];
  const isUnchecked =
    run.outcome === 'restored' && run.findings.some(({ result }) => result === 'not-checked');
  return {
    ...about(run.plan, run.execution, now),
    // One run is one end, whichever of its executions came to it.
    id: `${run.id}-${run.outcome}`,
    outcome: run.outcome,
    severity: isUnchecked ? 'warning' : severity,
    happened: `${nameOf(run.plan)} ${word}.`,
    matters: `Everybody who works with ${run.plan.target.environment}.`,
    did,
    next,
    reasons: cutLines([...describeLeftData(run), ...run.reasons, ...describeRestore(run)]),
  };
};

/** Tells that a plan came to nothing: refused, or not approved in time. */
export const composeNoRestoreNotice = (
  plan: RestorePlan,
  outcome: 'refused' | 'not-approved',
  reasons: readonly string[],
  now: Date,
): Notice => {
  const { severity, word, did, next } = ENDS[outcome];
  return {
    ...about(plan, plan.execution, now),
    id: `${plan.execution.name}-${outcome}`,
    outcome,
    severity,
    happened: `${nameOf(plan)} ${word}.`,
    matters: `${plan.request.by}, who asked for it.`,
    did,
    next,
    reasons: cutLines([...reasons]),
  };
};
