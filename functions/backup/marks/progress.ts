import { type Ledger, updateRecord } from '../../clients/ledger.ts';
import { type MarkProgress, markProgressKind, type PartProblem } from '../../records/backup/mark-progress.ts';
import { backupRunKey, type SetReference } from '../../records/backup/run.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import type { BackupPart } from '../../records/backup/set-parts.ts';
import type { Execution } from '../../records/execution.ts';
import type { Clock } from '../../runtime/clock.ts';

/** How far the marks of a set are, in the ledger. */

export type Stage = 'before-job' | 'after-job' | 'again';

/**
 * The progress of this stage of this execution. Another execution begins anew; a later stage keeps what an earlier one
 * of the same run found.
 */
export const openProgress = (
  there: MarkProgress | undefined,
  stage: Stage,
  { name: execution }: Pick<Execution, 'name'>,
  now: Date,
): MarkProgress => {
  // By its name, and not by its time: the clocks of Lambda and Step Functions may differ.
  const isOfThisRun = there?.execution === execution;
  if (isOfThisRun && there.stage === stage) return there;
  return {
    version: 1,
    startedAt: now.toISOString(),
    stage,
    execution,
    ...(there?.off && { off: there.off }),
    // What was found when the marks were set stays true of them; a new look at all parts finds it again.
    problems: isOfThisRun && stage === 'after-job' ? there.problems : [],
  };
};

export const readProgress = async (
  set: SetReference,
  ledger: Pick<Ledger, 'read'>,
): Promise<MarkProgress | undefined> =>
  (await ledger.read(markProgressKind, backupRunKey(set, 'marks')))?.value;

export const writeProgress = async (
  set: SetReference,
  progress: MarkProgress,
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock },
): Promise<void> => {
  await updateRecord(ledger, markProgressKind, backupRunKey(set, 'marks'), () => progress, clock);
};

/** What replaces what: a part of the same kind, and of buckets and recovery points of the same thing. */
const slotOf = (part: BackupPart): string => {
  if (part.kind === 'bucket') return `bucket ${part.component}`;
  return part.kind === 'recovery-point' ? `recovery-point ${part.vault} ${part.resource}` : part.kind;
};

/** Puts parts into a manifest, each in the place of the one before it; all others stay. */
export const putParts = (set: BackupSet, parts: readonly BackupPart[]): BackupSet => {
  const slots = new Set(parts.map(slotOf));
  return { ...set, parts: [...set.parts.filter((part) => !slots.has(slotOf(part))), ...parts] };
};

/** Problems of a new look at these subjects, in the place of the older ones about them. */
export const renewProblems = (
  before: readonly PartProblem[],
  found: readonly PartProblem[],
  subjects: readonly string[],
): PartProblem[] => [...before.filter(({ subject }) => !subjects.includes(subject)), ...found];
