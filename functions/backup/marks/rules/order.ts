import type { BackupPart } from '../../../records/backup/set-parts.ts';
import type { VerificationReason } from '../../../records/backup/verification.ts';
import { makePartReason } from '../part-reasons.ts';
import type { PartLook } from '../part-rule.ts';
import { THE_PARTS } from '../subjects.ts';

/**
 * The database points to objects and repositories, and they never point back: of a moment before theirs it finds all
 * that it knows of, and what is there beside is of no harm. The other way round it knows of what is not there.
 *
 * An archive holds for the whole time in which its tool was at work, and tells no moment of its database.
 */
export const judgeOrder = ({ set }: PartLook): VerificationReason[] => {
  const database = momentsOf(set.parts, ['database']);
  const others = momentsOf(set.parts, ['bucket', 'gitaly']);
  const [last] = database.toSorted((a, b) => b.at - a.at);
  const [first] = others.toSorted((a, b) => a.at - b.at);
  if (set.kind === 'tar' || !last || !first || wholeSecond(last.at) <= wholeSecond(first.at)) return [];
  const message = `${last.what} is of ${last.takenAt}, and ${first.what} of ${first.takenAt}, which is before it.`;
  return [makePartReason('parts-out-of-order', THE_PARTS, message)];
};

/**
 * Kubernetes dates a Job, and S3 a version, in whole seconds: within one, nobody can tell which came first, and the machine
 * has seen the snapshot before it began with the others.
 */
const wholeSecond = (at: number): number => Math.floor(at / 1_000);

interface Moment {
  readonly what: string;
  readonly at: number;
  readonly takenAt: string;
}

const momentsOf = (parts: readonly BackupPart[], kinds: readonly BackupPart['kind'][]): Moment[] =>
  parts
    .filter(({ kind }) => kinds.includes(kind))
    .map((part) => ({ what: nameOf(part), at: Date.parse(part.takenAt), takenAt: part.takenAt }));

const nameOf = (part: BackupPart): string => {
  if (part.kind === 'bucket') return `bucket ${part.bucket}`;
  return part.kind === 'database' ? 'The database' : 'what Gitaly wrote';
};
