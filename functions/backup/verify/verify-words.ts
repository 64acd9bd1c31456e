import type { VerificationReason, VerificationVerdict } from '../../records/backup/verification.ts';
import type { VerifyCheckpoint } from './checkpoint.ts';
import { saySize } from './rules/rule.ts';

/** One sentence of a verification, for the execution in the console. */

/** How far the reading is. */
export const sayProgress = ({ object, reads, walked, inner }: VerifyCheckpoint): string => {
  const files = walked ? `all headers read, ${inner.length} files looked into` : 'reading headers';
  return `${object.key}, ${saySize(object.size)}: ${files}, ${saySize(reads.bytes)} in ${reads.requests} reads so far.`;
};

/** The verdict, and the worst reason for it. */
export const sayVerdict = (verdict: VerificationVerdict, reasons: readonly VerificationReason[]): string => {
  const against = reasons.filter(({ result }) => result !== 'note');
  const [worst] = against;
  if (!worst) return `${verdict}: nothing speaks against it.`;
  const more = against.length > 1 ? ` (and ${against.length - 1} more)` : '';
  return `${verdict}: ${worst.subject}: ${worst.message}${more}`;
};
