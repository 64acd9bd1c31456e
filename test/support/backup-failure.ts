import type * as z from 'zod';
import type { Input } from '../../functions/backup/handle-failure.contract.ts';
import type { Execution } from '../../functions/records/execution.ts';

/** What EventBridge tells of an execution that a person stopped; `changes` make it fail otherwise. */
export const buildFailure = (
  { arn, name, startedAt }: Execution,
  changes: Partial<z.output<typeof Input>['detail']> = {},
  machine = 'backup',
): z.output<typeof Input> => ({
  'detail-type': 'Step Functions Execution Status Change',
  detail: {
    executionArn: arn,
    stateMachineArn: `arn:aws:states:eu-central-1:111122223333:stateMachine:drydock-main-${machine}`,
    name,
    status: 'ABORTED',
    startDate: Date.parse(startedAt),
    input: JSON.stringify({ environment: 'production', policy: 'daily' }),
    ...changes,
  },
});
