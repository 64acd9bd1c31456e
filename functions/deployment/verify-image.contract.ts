import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { ImageEvent } from '../records/image-event.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, event: ImageEvent });

/** What the registry says of the event: this tag is this digest and can be deployed, or nothing to do and why. */
export const Output = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('confirmed'),
    image: z.string(),
    tag: z.string(),
    digest: z.string(),
    confirmedAt: z.iso.datetime(),
    source: z.string(),
    redeploy: z.boolean(),
  }),
  z.object({ outcome: z.literal('ignored'), reason: z.string() }),
]);
