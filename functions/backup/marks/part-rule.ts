import type { PartProblem } from '../../records/backup/mark-progress.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import type { VerificationReason } from '../../records/backup/verification.ts';
import type { ExpectedParts, Policy } from './expected-parts.ts';

/** What was learned of the parts of a set by looking. Whatever is left out is not known, and never counts as good. */
export interface PartFacts {
  readonly now: Date;
  /** What speaks against a part, of the last look: the fact `marks`. Absent: nobody looked. */
  readonly problems?: readonly PartProblem[] | undefined;
  /** Components that were switched off when the set was made. */
  readonly off?: readonly string[] | undefined;
  /** Repositories of projects that the backup's log says were written, empty ones too. */
  readonly written?: number | undefined;
}

/** One question about the parts of a set. */
export type PartRule = (look: PartLook) => VerificationReason[];

export interface PartLook extends PartFacts {
  readonly set: BackupSet;
  readonly policy: Policy;
  readonly expected: ExpectedParts;
}
