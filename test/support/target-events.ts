import type { ExecutionStart, ExecutionState, Executions } from '../../functions/clients/executions.ts';
import type { Notifier } from '../../functions/clients/notifier.ts';
import type { Notice } from '../../functions/records/message.ts';

/** Executions that are noted instead of started; a name is taken once it was used. */
export const createFakeExecutions = () => {
  const started: ExecutionStart[] = [];
  const states = new Map<string, ExecutionState>();
  const fake: Executions & { started: ExecutionStart[]; states: Map<string, ExecutionState> } = {
    started,
    states,
    start: async (request) => {
      if (started.some(({ name }) => name === request.name)) return 'already';
      started.push(request);
      return 'started';
    },
    describe: async (arn) => states.get(arn),
    stop: async () => undefined,
  };
  return fake;
};

/** A notifier that keeps what was published, or fails as long as it is told to. */
export const createFakeNotifier = () => {
  const published: Notice[] = [];
  const fake: Notifier & { published: Notice[]; failing: Error | undefined } = {
    published,
    failing: undefined,
    publish: async (notice) => {
      if (fake.failing) throw fake.failing;
      published.push(notice);
    },
  };
  return fake;
};
