import * as z from 'zod';

/** How the chain of headers ended. Told by headers and end marker alone; nothing is said of the members' content. */

/** Bytes from the start of the archive. */
const Offset = z.int().nonnegative();
/** A sentence for a person: what stands there, what should. */
const message = z.string();

/** The object stops before the archive does: what an upload that broke off leaves behind. */
const CutReason = z.enum(['no-end-marker', 'one-zero-block', 'member-beyond-end', 'header-beyond-end']);

/** What stands where a header should is none, or what follows the end marker is no padding. */
const DamageReason = z.enum([
  'invalid-header',
  'invalid-size',
  'invalid-extension',
  'name-too-long',
  'lone-zero-block',
  'trailing-bytes',
]);

/** Proper, for all that is known, and beyond what this reader follows; no archive of GitLab has it. */
const UnreadableReason = z.enum([
  'global-override',
  'extension-too-large',
  'too-many-extensions',
  'sparse-map-too-large',
]);

/**
 * `whole`: every header from the first byte to the end marker, and nothing but zeros after it. `cut`, `damaged`: see
 * the reasons. `no-tar`: not even the first block is a header. `unreadable`: could not be followed to the end.
 * `at` is the offset of what ended the chain: the end marker, the wrong block, the member that reaches too far.
 */
export const ArchiveEnd = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('whole'), at: Offset }),
  z.object({ kind: z.literal('cut'), at: Offset, reason: CutReason, message }),
  z.object({ kind: z.literal('damaged'), at: Offset, reason: DamageReason, message }),
  z.object({ kind: z.literal('no-tar'), at: Offset, reason: z.enum(['empty', 'not-a-header']), message }),
  z.object({ kind: z.literal('unreadable'), at: Offset, reason: UnreadableReason, message }),
]);
export type ArchiveEnd = z.output<typeof ArchiveEnd>;
