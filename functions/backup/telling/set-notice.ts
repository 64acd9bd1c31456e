import type { BackupSet, BackupSetState } from '../../records/backup/set.ts';
import type { Execution } from '../../records/execution.ts';
import type { Notice } from '../../records/message.ts';
import { linkExecution } from '../../rules/console-link.ts';
import { redactText } from '../../rules/secret-redaction.ts';
import { saySize } from '../verify/rules/rule.ts';
import { sayDuration } from './quantities.ts';
import { type Comparison, describeSet } from './set-lines.ts';

/** What people are told when a backup has ended. */

const STOP = 'Start the control machine with {"pause":"capability/backup","by":"<you>","why":"<why>"}';

/** States in which a backup can end; one that runs, or is deleted, is none. */
export type EndState = Exclude<BackupSetState, 'running' | 'deleted'>;

interface EndText {
  readonly severity: Notice['severity'];
  /** Goes on after the name of the backup. */
  readonly word: string;
  readonly did: string;
  readonly next: string;
}

const NOT_COUNTED = 'It does not count as a backup; the ones before it are kept.';
const ENDS: Readonly<Record<EndState, EndText>> = {
  verified: {
    severity: 'info',
    word: 'is verified',
    did: 'Made it, and read what was really written: everything is there that must be there.',
    next: 'Nothing.',
  },
  unverified: {
    severity: 'warning',
    word: 'was written and not verified',
    did: `Made it, and could not read it yet. ${NOT_COUNTED}`,
    next: 'See to the reasons; it is verified on the next turn.',
  },
  incomplete: {
    severity: 'critical',
    word: 'is incomplete',
    did: `Read what was really written, and something is missing or wrong in it. ${NOT_COUNTED}`,
    next: 'See to the reasons, worst first; then start backup for this policy again.',
  },
  corrupt: {
    severity: 'critical',
    word: 'is corrupt',
    did: `Read what was really written, and it is cut or damaged. ${NOT_COUNTED}`,
    next: 'See to the reasons, worst first; then start backup for this policy again.',
  },
  'not-checked': {
    severity: 'warning',
    word: 'could not be checked in full',
    did: `Read what could be read: nothing is known to be missing, and nothing proves it whole. ${NOT_COUNTED}`,
    next: 'See to the reasons, worst first; it is verified again on the next turn.',
  },
  failed: {
    severity: 'critical',
    word: 'failed',
    did: `Ended it. ${NOT_COUNTED}`,
    next: 'See to the reason; then start backup for this policy again.',
  },
};

/**
 * Tells the end of a backup, or what a later verification of it found.
 *
 * @param before the last verified set of the same policy and kind, for comparison.
 * @param execution the one that found it out: the backup itself, or a later verification.
 */
export const composeSetNotice = (
  set: BackupSet & { readonly state: EndState },
  before: Comparison | undefined,
  {
    execution,
    now,
    also = [],
    command,
  }: {
    readonly execution: Execution;
    readonly now: Date;
    /** What else a person should know, a line each. */
    readonly also?: readonly string[];
    /** A command to copy whole. */
    readonly command?: string | undefined;
  },
): Notice => {
  const { environment, policy, state } = set;
  const { severity, word, did, next } = chooseEnd(set, also);
  const { against, facts } = describeSet(set, before, also);
  return {
    version: 1,
    // A verification of a night looks at many sets in one execution.
    id: `${execution.name}-${set.id.slice(0, 10)}-${state}`,
    capability: 'backup',
    target: policy,
    environment,
    outcome: state,
    severity,
    happened: `Backup ${policy} of ${environment} ${word}${sumUp(set)}.`,
    matters: `Whoever must be able to bring the GitLab of ${environment} back.`,
    did,
    next,
    ...(command === undefined ? {} : { command }),
    execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
    stop: STOP,
    // Whoever is woken reads the first lines.
    reasons: [...against, ...facts],
    at: now.toISOString(),
  };
};

/** A good set beside which something is to be mended does not say that there is nothing to do. */
const chooseEnd = (
  { state, copies }: Pick<BackupSet, 'copies'> & { readonly state: EndState },
  also: readonly string[],
): EndText => {
  const end = ENDS[state];
  if (state !== 'verified') return end;
  if (copies.some((copy) => copy.state !== 'verified')) {
    const next = 'The backup itself is good. See why its copy is not; the next backup is copied by itself.';
    return { ...end, severity: 'warning', word: 'is verified, and its copy is not', next };
  }
  return also.length === 0
    ? end
    : { ...end, next: 'Nothing at once. See to the reasons; the backup is good.' };
};

/** Subjects that a subject line has room for. */
const MAX_NAMED = 2;

/** What it is about in a few words: size and time of a good one, what is missing in another. */
const sumUp = ({ state, size, startedAt, endedAt, verification }: BackupSet): string => {
  if (state === 'verified') {
    const time = endedAt === undefined ? [] : [sayDuration(Date.parse(endedAt) - Date.parse(startedAt))];
    const told = [...(size === undefined ? [] : [saySize(size)]), ...time];
    return told.length === 0 ? '' : `: ${told.join(' in ')}`;
  }
  const against = (verification?.reasons ?? []).filter(({ result }) => result !== 'note');
  const subjects = [...new Set(against.map(({ subject }) => subject))];
  const more = subjects.length - MAX_NAMED;
  // They may be names of files, which others gave.
  const named = redactText(subjects.slice(0, MAX_NAMED).join(', '));
  return subjects.length === 0 ? '' : `: ${named}${more > 0 ? ` and ${more} more` : ''}`;
};

/**
 * A run of which no set came. `refused`: preflight or a rule said no. `overlapped`: another one held the lock.
 * `not-begun`: it broke off before it had a set, since a cluster or a service did not answer, or by a fault of ours.
 * `lost`: a Job was made, and the manifest of its set is gone.
 */
export type NoSetOutcome = 'refused' | 'overlapped' | 'paused' | 'not-begun' | 'lost';

const NOTHING_WRITTEN = 'Wrote nothing; the backups before it are kept.';
const NO_SET: Readonly<Record<NoSetOutcome, Omit<EndText, 'did'> & Partial<Pick<EndText, 'did'>>>> = {
  lost: {
    severity: 'critical',
    word: 'is lost: its manifest was deleted while it was made',
    did: 'Ended it. What it wrote counts for nothing; the backups before it are kept.',
    next: 'Find out who deletes in the ledger (CloudTrail tells), and start backup for this policy again.',
  },
  refused: {
    severity: 'critical',
    word: 'was not made: it would not have worked',
    next: 'See to the reasons; then start backup for this policy again.',
  },
  overlapped: {
    severity: 'warning',
    word: 'was not made: another one was at work',
    next: 'If this comes often, set the schedules further apart in drydock.yaml.',
  },
  'not-begun': {
    severity: 'critical',
    word: 'was not made: it broke off at its beginning',
    next: 'See to the reasons; then start backup for this policy again.',
  },
  paused: {
    severity: 'warning',
    word: 'was not made: backups are paused',
    next: 'Resume them when the reason is gone. The alarm about old backups is not paused.',
  },
};

/** Tells that a backup was due and was not begun. */
export const composeNoSetNotice = (
  run: {
    readonly environment: string;
    readonly policy: string;
    readonly outcome: NoSetOutcome;
    readonly reasons: readonly string[];
    /** A command to copy whole. */
    readonly command?: string | undefined;
  },
  { execution, now }: { readonly execution: Execution; readonly now: Date },
): Notice => {
  const { environment, policy, outcome, reasons, command } = run;
  const { severity, word, did = NOTHING_WRITTEN, next } = NO_SET[outcome];
  return {
    version: 1,
    id: `${execution.name}-${outcome}`,
    capability: 'backup',
    target: policy,
    environment,
    outcome,
    severity,
    happened: `Backup ${policy} of ${environment} ${word}.`,
    matters: `Whoever must be able to bring the GitLab of ${environment} back.`,
    did,
    next,
    ...(command === undefined ? {} : { command }),
    execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
    stop: STOP,
    reasons: [...reasons],
    at: now.toISOString(),
  };
};
