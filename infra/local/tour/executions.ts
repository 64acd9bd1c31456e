import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { World } from '../world/start-world.ts';
import { SceneFailed, waitUntil } from './wait-until.ts';

/** Step Functions as a person at the console uses it. */
export interface Executions {
  /** Names of all executions of a machine so far. */
  list(machine: string): Promise<readonly string[]>;
  /** Executions of a machine that failed, each with its cause. */
  failures(machine: string): Promise<readonly string[]>;
  /** The input an execution was started with, as JSON says it. */
  input(arn: string): Promise<unknown>;
  /**
   * Starts a machine by hand, waits for its end, and gives its output; throws SceneFailed unless it succeeds.
   *
   * @param seconds that are waited; 30 when nothing is said.
   */
  run(machine: string, input: unknown, seconds?: number): Promise<unknown>;
}

export const openExecutions = ({ aws }: World): Executions => {
  const { url: endpoint, region, credentials } = aws;
  const client = new SFNClient({ endpoint, region, credentials });
  const describe = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
  const list = async (stateMachineArn: string, statusFilter?: ExecutionStatus) => {
    const filter = statusFilter === undefined ? {} : { statusFilter };
    const pages = await Array.fromAsync(paginateListExecutions({ client }, { stateMachineArn, ...filter }));
    return pages.flatMap(({ executions = [] }) => executions);
  };
  return {
    list: async (machine) => (await list(machine)).flatMap(({ name }) => name ?? []),
    failures: async (machine) => {
      const failed = (await list(machine, 'FAILED')).flatMap(({ executionArn }) => executionArn ?? []);
      const described = await Promise.all(failed.map(describe));
      return described.map(({ name, error, cause }) => `${name} failed: ${error}: ${cause}`);
    },
    input: async (arn) => JSON.parse((await describe(arn)).input ?? 'null'),
    run: async (stateMachineArn, input, seconds) => {
      const request = { stateMachineArn, input: JSON.stringify(input) };
      const { executionArn = '' } = await client.send(new StartExecutionCommand(request));
      const lookAtEnd = async () => {
        const execution = await describe(executionArn);
        return execution.status === 'RUNNING' ? undefined : execution;
      };
      const ended = await waitUntil(`${executionArn} has ended`, lookAtEnd, seconds);
      if (ended.status !== 'SUCCEEDED') {
        throw new SceneFailed(
          `${executionArn} ended as ${ended.status}: ${ended.cause ?? ended.error ?? ''}`,
        );
      }
      return JSON.parse(ended.output ?? 'null');
    },
  };
};
