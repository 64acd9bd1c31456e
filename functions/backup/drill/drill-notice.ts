import type { DrillOutcome, DrillRun } from '../../records/backup/drill.ts';
import type { Execution } from '../../records/execution.ts';
import type { Notice } from '../../records/message.ts';
import { linkExecution } from '../../rules/console-link.ts';
import { sayDuration } from '../telling/quantities.ts';
import { REHEARSAL } from './drill-steps.ts';

/** What people are told when a drill has ended. */

interface EndText {
  readonly severity: Notice['severity'];
  /** Goes on after the name of the drill. */
  readonly word: string;
  readonly did: string;
  readonly next: string;
}

const ENDS: Readonly<Record<DrillOutcome, EndText>> = {
  passed: {
    severity: 'info',
    word: 'passed',
    did: 'Restored the set into its scratch place behind a closed network, checked it, and destroyed all of it.',
    next: 'Nothing.',
  },
  failed: {
    severity: 'critical',
    word: 'failed',
    did: 'Broke off, and destroyed all that it had made or filled.',
    next: 'See to the reasons: in an emergency the restore would fail as well. Then start the drill again.',
  },
  refused: {
    severity: 'warning',
    word: 'did not begin: its place is not fit for it',
    did: 'Looked at the place and changed nothing there.',
    next: 'See to the reasons; then start the drill again. Until one passes, its age grows.',
  },
  'not-destroyed': {
    severity: 'critical',
    word: 'left something behind',
    did: 'Tried to destroy it many times. Where data is left, the network of the place stays closed.',
    next: 'See what is left. Start the drill again to have it destroyed, or delete it by hand.',
  },
};

const STOP = 'Start the control machine with {"pause":"capability/backup","by":"<you>","why":"<why>"}';

/** Reasons that a message takes (rules/message-text.ts). */
const MAX_REASONS = 20;

/**
 * Tells the end of a drill.
 *
 * @throws Error for one that has not ended.
 */
export const composeDrillNotice = (run: DrillRun, now: Date): Notice => {
  const { outcome, execution, environment } = run;
  if (outcome === undefined) throw new Error(`The drill ${run.id} has not ended`);
  const { severity, word, did, next } = ENDS[outcome];
  return {
    version: 1,
    id: `${execution.name}-drill-${outcome}`,
    capability: 'backup',
    target: 'drill',
    environment,
    outcome: `drill-${outcome}`,
    severity,
    happened: `The restore drill of ${environment} ${word}${sumUp(run)}.`,
    matters: `Whoever must be able to bring the GitLab of ${environment} back.`,
    did,
    next,
    execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
    stop: STOP,
    reasons: describeDrill(run).slice(0, MAX_REASONS),
    at: now.toISOString(),
  };
};

/** Tells that one could not begin, so that what is never rehearsed does not go unseen until its age alarms. */
export const composeNoDrillNotice = (
  {
    execution,
    environment,
    reasons,
  }: { readonly execution: Execution; readonly environment: string; readonly reasons: readonly string[] },
  now: Date,
): Notice => ({
  version: 1,
  id: `${execution.name}-drill-refused`,
  capability: 'backup',
  target: 'drill',
  environment,
  outcome: 'drill-refused',
  severity: 'warning',
  happened: `The restore drill of ${environment} did not begin.`,
  matters: `Whoever must be able to bring the GitLab of ${environment} back.`,
  did: 'Changed nothing.',
  next: 'See to the reasons; then start the drill again. Until one passes, its age grows.',
  execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
  stop: STOP,
  reasons: reasons.slice(0, MAX_REASONS),
  at: now.toISOString(),
});

const sumUp = ({ outcome, restore }: DrillRun): string =>
  outcome === 'passed' && restore?.recoverySeconds !== undefined
    ? `: GitLab was back in ${sayDuration(restore.recoverySeconds * 1000)}`
    : '';

/** A line each, worst first: what is left, why it failed, what the checks found, how it was proven closed. */
const describeDrill = ({ left, failure, findings, proof, set, steps }: DrillRun): string[] => [
  ...left,
  ...(failure ? failure.reasons.map((reason) => `${failure.step}: ${reason}`) : []),
  ...findings.filter(({ result }) => result !== 'pass').map(({ check, message }) => `${check}: ${message}`),
  `Set ${set.id} of policy ${set.policy}.`,
  ...(proof?.state === 'closed'
    ? [
        `Closed network proven: no answer of ${proof.proven.join(', ')}; ${proof.controls.join(', ')} answered.`,
      ]
    : []),
  ...steps
    .filter(
      ({ step, startedAt, endedAt }) =>
        REHEARSAL.includes(step) && startedAt !== undefined && endedAt !== undefined,
    )
    .map(
      ({ step, startedAt = '', endedAt = '' }) =>
        `${step}: ${sayDuration(Date.parse(endedAt) - Date.parse(startedAt))}`,
    ),
];
