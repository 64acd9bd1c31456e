import * as z from 'zod';
import { DatabaseExtensions } from './extension-report.ts';

/** What a look at the database of a place saw, before a plan was made. */
export const ExtensionRecord = z.object({
  version: z.literal(1),
  lookedAt: z.iso.datetime(),
  found: z.discriminatedUnion('known', [
    z.object({ known: z.literal(true), value: z.array(DatabaseExtensions).min(1) }),
    /** Why nothing was seen, without its dot. */
    z.object({ known: z.literal(false), why: z.string() }),
  ]),
});
export type ExtensionRecord = z.output<typeof ExtensionRecord>;

export const extensionRecordKind = { name: 'extensions before a restore', schema: ExtensionRecord };

/** A sentence for whoever watches the execution. */
export const describeExtensions = ({ found }: ExtensionRecord): string =>
  found.known
    ? `Asked ${found.value.map(({ database, role }) => `${database} as ${role}`).join(', ')}.`
    : `The database could not be asked: ${found.why}.`;
