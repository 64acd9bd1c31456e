import type { VerificationVerdict } from '../../../functions/records/backup/verification.ts';
import type { Change } from './judgement-changes.ts';
import { COUNT_ROWS } from './judgement-count-cases.ts';
import { FILE_ROWS } from './judgement-file-cases.ts';
import { OBJECT_ROWS } from './judgement-object-cases.ts';
import { PART_ROWS } from './judgement-part-cases.ts';
import { REPOSITORY_ROWS } from './judgement-repository-cases.ts';

/** What can be the matter with an archive: how it looks, and what it is then. */
export interface Case {
  readonly title: string;
  readonly change: Change;
  readonly verdict: VerificationVerdict;
  /** Every reason, in order. */
  readonly code: string;
  /** It adds something against the archive and takes nothing away that was known, but what was said in this place. */
  readonly place?: string;
}

export const CASES: readonly Case[] = [
  ...OBJECT_ROWS,
  ...PART_ROWS,
  ...REPOSITORY_ROWS,
  ...FILE_ROWS,
  ...COUNT_ROWS,
].map(([title, change, verdict, code, place]) => ({
  title,
  change,
  verdict,
  code,
  ...(place === undefined ? {} : { place }),
}));
