import * as z from 'zod';

/** The answer to a plan that waited for its approval: written once, so that a second answer finds itself too late. */
export const Approval = z.object({
  version: z.literal(1),
  execution: z.string(),
  plan: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
});
export type Approval = z.output<typeof Approval>;

export const approvalKind = { name: 'approval', schema: Approval };
