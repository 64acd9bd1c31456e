import { paginateGetExecutionHistory, SFNClient } from '@aws-sdk/client-sfn';
import type { World } from '../../infra/local/world/start-world.ts';
import { clientSettings } from '../support/world/aws-views.ts';

/** What one execution did, as its history says. */
export interface ExecutionAnatomy {
  /** States entered, which is what Step Functions charges for. */
  readonly transitions: number;
  /** How long each Task state took, with all that lies around its Lambda; milliseconds, by name of the state. */
  readonly tasks: readonly { readonly state: string; readonly ms: number }[];
}

/** Reads the history of an execution that has ended. */
export const dissectExecution = async (world: World, executionArn: string): Promise<ExecutionAnatomy> => {
  const client = new SFNClient(clientSettings(world));
  let transitions = 0;
  const entered = new Map<string, number>();
  const tasks: { state: string; ms: number }[] = [];
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn })) {
    for (const { type, timestamp, stateEnteredEventDetails, stateExitedEventDetails } of events) {
      const at = timestamp?.getTime() ?? 0;
      if (stateEnteredEventDetails?.name !== undefined) {
        transitions++;
        if (type === 'TaskStateEntered') entered.set(stateEnteredEventDetails.name, at);
      }
      const state = stateExitedEventDetails?.name;
      const since = state === undefined ? undefined : entered.get(state);
      if (state !== undefined && since !== undefined) tasks.push({ state, ms: at - since });
    }
  }
  return { transitions, tasks };
};
