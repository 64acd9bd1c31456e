import bundle from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { DefectError, isDrydockError, RefusedError, TransientError } from './errors.ts';
import { createLog, type Log, type LogFields } from './log.ts';

/** What a function declares of itself: its environment, what it takes, what it gives. */
export interface Contract<Env extends z.ZodType, Input extends z.ZodType, Output extends z.ZodType> {
  readonly Env: Env;
  readonly Input: Input;
  readonly Output: Output;
}

/** What one call of a function brings beside its input. */
export interface Invocation {
  readonly log: Log;
  /** Aborts shortly before Lambda's own time limit, so that a call ends with a message and not with a kill. */
  readonly signal: AbortSignal;
  /** Milliseconds until that signal. */
  remainingMs(): number;
}

interface Definition<Env extends z.ZodType, Input extends z.ZodType, Output extends z.ZodType, Deps> {
  readonly contract: Contract<Env, Input, Output>;
  /** Wires the real collaborators, once per sandbox. */
  readonly deps: (env: z.output<Env>) => Deps;
  readonly run: (input: z.output<Input>, deps: Deps, invocation: Invocation) => Promise<z.input<Output>>;
}

/** Milliseconds kept back before Lambda's limit: enough to throw, log and answer. */
const RESERVE_MS = 750;
/** Used when no Lambda context says how much time is left (a test, a terminal). */
const UNLIMITED_MS = 900_000;

/**
 * The one way to make a Lambda: environment parsed once per sandbox, input and output parsed by the contract,
 * structured log, abort signal before the time limit, and only our three errors reach the caller.
 *
 * @throws RefusedError `input.invalid` when the input does not fit the contract.
 * @throws TransientError `lambda.timeout` when the time limit is near.
 * @throws DefectError `unexpected` for anything that no client turned into one of our errors.
 */
export const makeLambda = <Env extends z.ZodType, Input extends z.ZodType, Output extends z.ZodType, Deps>(
  definition: Definition<Env, Input, Output, Deps>,
) => {
  const name = process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? 'drydock';
  const wire = once(() => definition.deps(parseEnv(definition.contract.Env, name)));
  // On Lambda a wrong environment fails at init, where the deployment sees it; elsewhere on the first call,
  // so that a test can import `run` without an environment.
  if (process.env['AWS_LAMBDA_FUNCTION_NAME'] !== undefined) wire();

  return bundle<unknown, z.output<Output>>({
    timeoutEarlyInMillis: RESERVE_MS,
    timeoutEarlyResponse: () => {
      throw new TransientError('lambda.timeout', `${name} ran out of time; it goes on where it stopped.`);
    },
  })
    .use({ onError: (request) => reportError(request.event, request.error, createLog(name)) })
    .handler(async (event: unknown, context: Context, { signal }: { signal: AbortSignal }) => {
      const input = parseInput(definition.contract.Input, event, name);
      const remaining = context.getRemainingTimeInMillis?.bind(context) ?? (() => UNLIMITED_MS);
      const output = await definition.run(input, wire(), {
        log: createLog(name, executionFields(event)),
        signal,
        remainingMs: () => remaining() - RESERVE_MS,
      });
      return definition.contract.Output.parse(output);
    });
};

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

const parseEnv = <Env extends z.ZodType>(schema: Env, name: string): z.output<Env> => {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  throw new DefectError('environment.invalid', `${name}: ${z.prettifyError(parsed.error)}`);
};

const parseInput = <Input extends z.ZodType>(
  schema: Input,
  event: unknown,
  name: string,
): z.output<Input> => {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new RefusedError(
    'input.invalid',
    `The input of ${name} is not what it takes:\n${z.prettifyError(parsed.error)}`,
  );
};

const WithExecution = z.object({ execution: z.object({ name: z.string() }) });

const executionFields = (event: unknown): LogFields => {
  const parsed = WithExecution.safeParse(event);
  return parsed.success ? { execution: parsed.data.execution.name } : {};
};

/** Logs the error by its code, and hands on one of our three: Step Functions compares nothing but the name. */
const reportError = (event: unknown, error: unknown, log: Log): void => {
  const ours = isDrydockError(error)
    ? error
    : new DefectError('unexpected', error instanceof Error ? error.message : String(error), { cause: error });
  const fields = { ...executionFields(event), code: ours.code };
  if (ours instanceof DefectError) log.error(ours.message, fields);
  else log.warn(ours.message, fields);
  if (ours !== error) throw ours;
};
