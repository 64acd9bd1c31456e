import * as z from 'zod';

/** The EventBridge event "Step Functions Execution Status Change", of a machine of ours that did not succeed. */
export const FailedExecutionEvent = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    executionArn: z.string(),
    stateMachineArn: z.string(),
    name: z.string(),
    status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
    /** Milliseconds since the epoch. */
    startDate: z.number(),
    stopDate: z.number().nullish(),
    /** JSON text; absent when it is larger than an event may carry. */
    input: z.string().nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});

/** An execution that did not succeed, as Step Functions tells it. */
export type FailedExecution = z.output<typeof FailedExecutionEvent>['detail'];
