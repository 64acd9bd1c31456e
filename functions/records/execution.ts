import * as z from 'zod';

/** The Step Functions execution a step runs in; every machine passes it to each of its Lambdas. */
export const Execution = z.object({
  arn: z.string().min(1),
  name: z.string().min(1).max(80),
  startedAt: z.iso.datetime(),
});
export type Execution = z.output<typeof Execution>;
