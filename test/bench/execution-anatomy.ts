import { paginateGetExecutionHistory, SFNClient } from '@aws-sdk/client-sfn';
import type { World } from '../../infra/local/world/start-world.ts';
import { clientSettings } from '../support/world/aws-views.ts';

/** What one execution did, as its history says. */
export interface ExecutionAnatomy {
  /** States entered, which is what Step Functions charges for. */
  readonly transitions: number;
}

/** Reads the history of an execution that has ended. */
export const dissectExecution = async (world: World, executionArn: string): Promise<ExecutionAnatomy> => {
  const client = new SFNClient(clientSettings(world));
  let transitions = 0;
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn })) {
    transitions += events.filter(
      ({ stateEnteredEventDetails }) => stateEnteredEventDetails !== undefined,
    ).length;
  }
  return { transitions };
};
