import * as z from 'zod';

export const Env = z.object({
  LEDGER_BUCKET: z.string().min(1),
  TOPIC_ARN: z.string().min(1),
  DEPLOYMENT_MACHINE_ARN: z.string().min(1),
});

/** A batch of the door's queue; of each record only what is used. Lambda developer guide, "Using Lambda with SQS". */
export const Input = z.object({
  Records: z.array(z.object({ messageId: z.string(), body: z.string() })),
});

/** Partial batch response: what is named here comes again, and ends among the dead letters when it keeps failing. */
export const Output = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })),
});
