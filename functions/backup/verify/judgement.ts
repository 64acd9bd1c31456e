import type { VerificationReason, VerificationVerdict } from '../../records/backup/verification.ts';
import type { Evidence } from './evidence.ts';
import type { Expectation } from './expectation.ts';
import { usualDumps } from './rules/dump-rules.ts';
import { expectedDumps, soundFiles } from './rules/inner-rules.ts';
import { finishedLog, quietLog } from './rules/log-rules.ts';
import { restorableHere, sameVersion, usualName } from './rules/name-rules.ts';
import { newEnough, readableObject, sameChecksum, stillCurrent, usualSize } from './rules/object-rules.ts';
import { expectedParts, knownSkips, unexpectedParts, usualNames } from './rules/part-rules.ts';
import {
  enoughRepositories,
  listedRepositories,
  loggedRepositories,
  sameBackupId,
} from './rules/repository-rules.ts';
import type { Rule } from './rules/rule.ts';
import { readableInformation, wholeChain } from './rules/walk-rules.ts';

/** Every rule; what one of them needs and was not looked at, it names itself. */
const RULES: readonly Rule[] = [
  readableObject,
  wholeChain,
  sameChecksum,
  readableInformation,
  soundFiles,
  stillCurrent,
  newEnough,
  sameVersion,
  expectedParts,
  knownSkips,
  expectedDumps,
  enoughRepositories,
  listedRepositories,
  loggedRepositories,
  quietLog,
  finishedLog,
  usualSize,
  usualDumps,
  usualNames,
  unexpectedParts,
  usualName,
  sameBackupId,
  restorableHere,
];

/** Worst first. */
const ORDER = [
  'corrupt',
  'incomplete',
  'not-checked',
  'note',
] as const satisfies readonly VerificationReason['result'][];

interface Judgement {
  readonly verdict: VerificationVerdict;
  /** Worst first, among equals in the order of the rules. */
  readonly reasons: VerificationReason[];
}

/**
 * Judges what was seen of an archive by what must be so. The worst reason makes the verdict; only when nothing speaks
 * against it, and nothing had to be left unlooked at, it is `verified`.
 */
export const judgeArchive = (evidence: Evidence, expectation: Expectation): Judgement =>
  sumUp(RULES.flatMap((rule) => rule(evidence, expectation)));

/** The verdict that reasons make, whoever found them. */
export const sumUp = (found: readonly VerificationReason[]): Judgement => {
  const reasons = ORDER.flatMap((result) => found.filter((reason) => reason.result === result));
  const worst = reasons[0]?.result ?? 'note';
  return { verdict: worst === 'note' ? 'verified' : worst, reasons };
};
