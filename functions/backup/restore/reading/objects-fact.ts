import * as z from 'zod';
import type { CopiedBack } from '../turns/objects-turn.ts';

/** How far the objects of the tmp bucket were copied back, and by which folders. */
export const RestoreObjectsFact = z.object({
  version: z.literal(1),
  /** Of the step that it belongs to: another try begins anew. */
  attempt: z.int().positive(),
  folders: z.array(z.object({ component: z.string(), prefix: z.string(), bucket: z.string() })),
  untouched: z.array(z.string()),
  /** The folder at hand, and the last key of it that is done. */
  folder: z.int().nonnegative(),
  after: z.string().optional(),
  copied: z.int().nonnegative(),
  failed: z.object({ count: z.int().positive(), why: z.string() }).optional(),
});
export type RestoreObjectsFact = z.output<typeof RestoreObjectsFact>;

export const restoreObjectsKind = { name: 'objects of a restore', schema: RestoreObjectsFact };

/** What the rule of the step asks for. */
export const summariseCopies = (fact: RestoreObjectsFact | undefined): CopiedBack => ({
  folders: fact?.folders.length ?? 0,
  copied: fact?.copied ?? 0,
  isDone: fact !== undefined && fact.folder >= fact.folders.length,
  untouched: fact?.untouched ?? [],
  failed: fact?.failed,
});
