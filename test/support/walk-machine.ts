import { readFileSync } from 'node:fs';
import jsonata from 'jsonata';
import * as z from 'zod';
import { type AslScope, type AslState, parseAsl } from '../../infra/constructs/asl-definition.ts';

/**
 * Walks a state machine as Step Functions would, with the real `jsonata` and answers of the test's own, to see what
 * each function is called with and where each answer leads. It leaves out time: no retries, waits or timeouts; those
 * run in the world tests.
 */

/** A function's answer, or the name and cause of the error it threw. */
export type Answer = { readonly output: unknown } | { readonly error: string; readonly cause: string };

export interface Walk {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly output: unknown;
  /** The names of the states in the order in which they were entered. */
  readonly states: readonly string[];
}

export interface WalkOptions {
  readonly machine: string;
  readonly execution: { readonly arn: string; readonly name: string; readonly startedAt: string };
  readonly input: unknown;
  /** @param called the placeholder without `Arn`, such as `ApplyImage`; or the resource of a direct integration. */
  readonly answer: (called: string, payload: unknown, state: string) => Promise<Answer>;
}

const FOLDER = new URL('../../state-machines/', import.meta.url);

export const readMachine = (name: string) =>
  parseAsl(readFileSync(new URL(`${name}.asl.json`, FOLDER), 'utf8'));

/** Walks from the start to an end. @throws Error when it goes on for ever, or does what the walk leaves out. */
export const walkMachine = async (options: WalkOptions): Promise<Walk> => {
  const { arn, name, startedAt } = options.execution;
  const context = {
    Execution: { Id: arn, Name: name, StartTime: startedAt, Input: options.input },
    Task: { Token: 'task-token' },
  };
  const states: string[] = [];
  const end = await walkScope(readMachine(options.machine), options.input, context, { ...options, states });
  return { ...end, states };
};

type Journey = WalkOptions & { readonly states: string[] };
type End = Pick<Walk, 'status' | 'output'>;

/** More than any way through a machine that a test scripts. */
const MAX_STEPS = 200;

const walkScope = async (
  scope: AslScope,
  input: unknown,
  context: object,
  journey: Journey,
): Promise<End> => {
  let current = scope.StartAt;
  let value = input;
  while (journey.states.push(current) <= MAX_STEPS) {
    const state = scope.States[current];
    if (!state) throw new Error(`There is no state ${current}.`);
    const step = await enter(current, state, value, context, journey);
    if ('status' in step) return step;
    value = step.output;
    if (step.next === undefined) return { status: 'SUCCEEDED', output: value };
    current = step.next;
  }
  throw new Error(`No end after ${MAX_STEPS} states: ${journey.states.slice(-6).join(', ')}.`);
};

type Step = End | { readonly output: unknown; readonly next: string | undefined };

const enter = async (
  name: string,
  state: AslState,
  input: unknown,
  context: object,
  journey: Journey,
): Promise<Step> => {
  const scope = { input, context };
  if (state.Type === 'Fail') return { status: 'FAILED', output: await fill(state['Cause'], scope) };
  if (state.Type === 'Succeed') {
    return { status: 'SUCCEEDED', output: await outputOf(state, scope, input) };
  }
  if (state.Type === 'Choice') return { output: input, next: await choose(state, scope) };
  // Time is left out.
  if (state.Type === 'Wait') return { output: input, next: state.Next };
  if (state.Type === 'Pass') return { output: await outputOf(state, scope, input), next: state.Next };
  if (state.Type === 'Map') return walkMap(state, scope, context, journey);
  if (state.Type !== 'Task') throw new Error(`The walk knows no ${state.Type}, as ${name} is.`);
  const answer = await call(name, state, scope, journey);
  if ('output' in answer) {
    const output = await outputOf(state, { ...scope, result: answer.output }, answer.output);
    return { output, next: state.Next };
  }
  const caught = (state.Catch ?? []).find(
    ({ ErrorEquals }) => ErrorEquals.includes(answer.error) || ErrorEquals.includes('States.ALL'),
  );
  if (!caught) return { status: 'FAILED', output: answer.cause };
  const errorOutput = { Error: answer.error, Cause: answer.cause };
  return { output: await outputOf(caught, { ...scope, errorOutput }, errorOutput), next: caught.Next };
};

/** What a Lambda integration gives back: the answer under `Payload`. */
const call = async (name: string, state: AslState, scope: object, { answer }: Journey): Promise<Answer> => {
  try {
    const given = LambdaArguments.safeParse(await fill(state.Arguments, scope));
    if (!given.success) return await answer(state.Resource ?? '', await fill(state.Arguments, scope), name);
    const { FunctionName, Payload } = given.data;
    // As on the wire: what is undefined does not arrive.
    const payload: unknown = JSON.parse(JSON.stringify(Payload));
    const answered = await answer(FunctionName.replace(/^\$\{(.*)Arn\}$/, '$1'), payload, name);
    if (!('output' in answered)) return answered;
    // Who answers the token gives the result itself.
    const isAnswered = state.Resource?.endsWith('.waitForTaskToken') === true;
    return { output: isAnswered ? answered.output : { Payload: answered.output } };
  } catch (error) {
    if (error instanceof QueryEvaluationError) {
      return { error: 'States.QueryEvaluationError', cause: error.message };
    }
    throw error;
  }
};

const LambdaArguments = z.object({ FunctionName: z.string(), Payload: z.unknown() });
const Items = z.array(z.unknown());

const walkMap = async (state: AslState, scope: object, context: object, journey: Journey): Promise<Step> => {
  const items = Items.parse(await fill(state['Items'], scope));
  const results: unknown[] = [];
  for (const [Index, Value] of items.entries()) {
    const inner = { ...context, Map: { Item: { Index, Value } } };
    const input = await fill(state['ItemSelector'], { ...scope, context: inner });
    if (!state.ItemProcessor) throw new Error('A Map without an ItemProcessor.');
    const end = await walkScope(state.ItemProcessor, input, inner, journey);
    if (end.status === 'FAILED') return end;
    results.push(end.output);
  }
  return { output: await outputOf(state, { ...scope, result: results }, results), next: state.Next };
};

const choose = async (state: AslState, scope: object): Promise<string | undefined> => {
  for (const { Condition, Next } of state.Choices ?? []) {
    const decided = await fill(Condition, scope);
    if (typeof decided !== 'boolean') throw new Error(`${String(Condition)} decided ${String(decided)}.`);
    if (decided) return Next;
  }
  return state.Default;
};

const outputOf = async (part: object, scope: object, otherwise: unknown): Promise<unknown> =>
  'Output' in part ? fill(part.Output, scope) : otherwise;

/** What Step Functions makes of an expression without a result; a Catch for `States.ALL` takes it. */
class QueryEvaluationError extends Error {
  override readonly name = 'QueryEvaluationError';
}

const EXPRESSION = /^\{%(.*)%\}$/s;

/** Evaluates every `{% ... %}` in a value; all else stays as it is. */
const fill = async (value: unknown, states: object): Promise<unknown> => {
  if (typeof value === 'string') {
    const source = EXPRESSION.exec(value)?.[1];
    if (source === undefined) return value;
    const expression = jsonata(source);
    // What Step Functions adds to JSONata, as far as our machines use it.
    expression.registerFunction('parse', (text: string): unknown => JSON.parse(text));
    const result: unknown = await expression.evaluate(undefined, { states });
    if (result === undefined) throw new QueryEvaluationError(`${source.trim()} returned nothing.`);
    return result;
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => fill(item, states)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, member]) => [key, await fill(member, states)]);
  return Object.fromEntries(await Promise.all(entries));
};
