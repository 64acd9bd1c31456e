import type { RestoreReference, RestoreRun } from '../../../records/backup/restore.ts';
import type { Execution } from '../../../records/execution.ts';
import type { FailedExecution } from '../../../records/failed-execution.ts';
import type { Notice } from '../../../records/message.ts';
import { linkExecution } from '../../../rules/console-link.ts';
import { describeFailure } from '../../../rules/failed-execution.ts';

/** A run that nobody carries any more. */
interface LeftRestore {
  readonly restore: RestoreReference;
  readonly run: RestoreRun;
}

/**
 * The page about a restore whose execution is gone and that no other one carries on: how it stands, and the command by
 * which a person has it undone, or is asked.
 */
export const composeLeftNotice = (
  { restore, run }: LeftRestore,
  failure: FailedExecution,
  execution: Execution,
  now: Date,
): Notice => {
  const { target } = run.plan;
  const isHeld = run.state === 'held';
  const region = execution.arn.split(':')[3] ?? '';
  const input = JSON.stringify({ carryOn: restore });
  return {
    version: 1,
    id: `${execution.name}-left`,
    capability: 'backup',
    target: restore.place,
    environment: target.environment,
    outcome: 'left',
    severity: 'critical',
    happened: `The restore ${restore.id} into ${restore.place} was left in the middle.`,
    matters: `Everybody who works with ${target.environment}: its web pods and Sidekiq may be at 0.`,
    did: isHeld
      ? 'Kept it closed: its data may be half of the backup and half of before.'
      : 'Destroyed nothing; what it had changed is not set back yet.',
    next: isHeld
      ? 'Run the command: another page then asks whether to resume, to put back what was there, or to open it as it is.'
      : 'Run the command: it sets back what was changed.',
    command: `aws stepfunctions start-execution --region ${region} --state-machine-arn ${failure.stateMachineArn} --input '${input}'`,
    execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
    stop: 'Start the control machine with {"pause":"capability/backup","by":"<you>","why":"<why>"}',
    reasons: [describeFailure(failure), ...(run.failure?.reasons ?? [])].slice(0, 20),
    at: now.toISOString(),
  };
};
