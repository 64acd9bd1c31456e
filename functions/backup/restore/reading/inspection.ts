import * as z from 'zod';
import type { Ledger } from '../../../clients/ledger.ts';
import { ReleaseFacts } from '../../../records/backup/release-facts.ts';
import { restoreInspectionKey } from '../../../records/backup/restore-limits.ts';
import { SetReference } from '../../../records/backup/run.ts';
import { Execution } from '../../../records/execution.ts';
import { DefectError } from '../../../runtime/errors.ts';

/**
 * What whoever may read Secrets saw of a place before a plan was made, for those who may not: names and what follows
 * from a comparison, and no value.
 */

const Comparison = z.object({
  meaning: z.enum(['as-it-is', 'put-back-first', 'unknown']),
  secrets: z.array(
    z.object({
      id: z.string(),
      /** Its name at the place. */
      name: z.string(),
      state: z.enum(['same', 'differs', 'missing', 'unknown']),
      differences: z.array(
        z.object({
          key: z.string(),
          state: z.enum(['differs', 'missing']),
          meaning: z.enum(['as-it-is', 'put-back-first']),
          message: z.string(),
        }),
      ),
      meaning: z.enum(['as-it-is', 'put-back-first', 'unknown']),
      message: z.string(),
    }),
  ),
});

export const RestoreInspection = z.object({
  version: z.literal(1),
  execution: Execution,
  set: SetReference,
  release: ReleaseFacts,
  secrets: z.discriminatedUnion('known', [
    z.object({ known: z.literal(true), value: Comparison }),
    z.object({ known: z.literal(false), why: z.string() }),
  ]),
  /** What it shares with a GitLab that people use, a sentence each; none where the backup goes back where it was made. */
  shared: z.discriminatedUnion('known', [
    z.object({ known: z.literal(true), value: z.array(z.string()) }),
    z.object({ known: z.literal(false), why: z.string() }),
  ]),
  readAt: z.iso.datetime(),
});
export type RestoreInspection = z.output<typeof RestoreInspection>;

export const restoreInspectionKind = { name: 'inspection before a restore', schema: RestoreInspection };

/** @throws DefectError `restore.no-inspection` before the step that writes it. */
export const readInspection = async (
  ledger: Pick<Ledger, 'read'>,
  { name }: Pick<Execution, 'name'>,
): Promise<RestoreInspection> => {
  const stored = await ledger.read(restoreInspectionKind, restoreInspectionKey(name));
  if (stored) return stored.value;
  throw new DefectError('restore.no-inspection', `Nothing was inspected for ${name}.`);
};
