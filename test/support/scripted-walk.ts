import * as z from 'zod';
import { makeLambda } from '../../functions/runtime/lambda.ts';
import { type FunctionContract, loadContracts } from './contracts.ts';
import { buildLambdaContext } from './lambda-context.ts';
import { type Answer, type Walk, walkMachine } from './walk-machine.ts';

/** Walks in which the functions of a machine answer what is said beforehand, but by the real skeleton and real contracts. */

export type Scripted = object | Error;
/** By state: one answer each time, or one after the other, the last for good. */
export type Script = Readonly<Record<string, Scripted | readonly Scripted[]>>;

/** The execution that every walk takes place in. */
export const EXECUTION = {
  arn: 'arn:aws:states:eu-central-1:111122223333:execution:drydock-main-x:y',
  name: 'y',
  startedAt: '2026-11-21T05:00:02.871Z',
};

/** A call that is about to be answered: of a function by its contract, or of a service, which has none. */
export interface Call {
  /** The placeholder without `Arn`, such as `ApplyImage`; or the resource of a direct integration. */
  readonly called: string;
  readonly payload: unknown;
  readonly scripted: Scripted;
}

export interface ScriptedWalk extends Walk {
  /** What was answered directly was called with this, in order. */
  readonly calls: readonly unknown[];
  /** What the function of a state was last called with; undefined of one that was not. */
  readonly toldTo: (state: string) => unknown;
}

export interface Walks {
  readonly walk: (machine: string, input: unknown, script: Script) => Promise<ScriptedWalk>;
  /** States that called their function with a payload that fits, over all walks. */
  readonly proven: ReadonlySet<string>;
}

/**
 * Opens walks through the machines of a capability.
 *
 * @param answerDirectly the answer to what is no plain call of a function: a service, a task that waits for its token.
 */
export const openWalks = async (
  capability: string,
  answerDirectly: (call: Call) => Answer | undefined,
): Promise<Walks> => {
  const contracts = await loadContracts(capability);
  const proven = new Set<string>();
  const walk = async (machine: string, input: unknown, script: Script): Promise<ScriptedWalk> => {
    const calls: unknown[] = [];
    const told = new Map<string, unknown>();
    const next = readScript(script);
    const answer = async (called: string, payload: unknown, state: string): Promise<Answer> => {
      const scripted = next(state);
      told.set(state, payload);
      const contract = called.startsWith('arn:') ? undefined : contracts.get(functionOf(called));
      const direct = answerDirectly({ called, payload, scripted });
      if (direct) {
        calls.push(payload);
        contract?.Input.parse(payload);
        proven.add(state);
        return direct;
      }
      if (!contract) throw new Error(`${state} calls ${called}, and there is no such function.`);
      return callScripted(contract, payload, scripted, () => void proven.add(state));
    };
    const walked = await walkMachine({ machine, execution: EXECUTION, input, answer });
    return { ...walked, calls, toldTo: (state) => told.get(state) };
  };
  return { walk, proven };
};

/** The scripted answer of a service: an error as it names and words it. */
export const answerAsService = (scripted: Scripted): Answer =>
  scripted instanceof Error ? { error: scripted.name, cause: scripted.message } : { output: scripted };

/** The scripted answer of a function whose task ends by a token, so that the skeleton is not asked. */
export const answerAsFunction = (scripted: Scripted): Answer =>
  scripted instanceof Error ? describeThrown(scripted) : { output: scripted };

/** What Lambda makes of an error that a function throws. */
const describeThrown = ({ name, message }: Error): Answer => ({
  error: name,
  cause: JSON.stringify({ errorType: name, errorMessage: message, trace: [`${name}: ${message}`] }),
});

/** Gives each visit of a state its answer. @throws Error at a state for which nothing is scripted. */
const readScript = (script: Script): ((state: string) => Scripted) => {
  const visits = new Map<string, number>();
  return (state) => {
    const visit = visits.get(state) ?? 0;
    visits.set(state, visit + 1);
    const given = script[state];
    const scripted: Scripted | undefined = Array.isArray(given)
      ? given[Math.min(visit, given.length - 1)]
      : given;
    if (scripted === undefined) throw new Error(`The walk came to ${state}, for which nothing is scripted.`);
    return scripted;
  };
};

/** `ApplyImage` in a machine is the function `apply-image`. */
const functionOf = (called: string): string => called.replaceAll(/(?!^)[A-Z]/g, '-$&').toLowerCase();

/**
 * Runs the real Lambda skeleton around a scripted answer: real contract, real messages of its errors. As in Lambda, an
 * error travels as its name and a JSON text.
 */
const callScripted = async (
  contract: Pick<FunctionContract, 'Input' | 'Output'>,
  payload: unknown,
  scripted: Scripted,
  reached: () => void,
): Promise<Answer> => {
  const handler = makeLambda({
    contract: { ...contract, Env: z.object({}) },
    deps: () => undefined,
    run: async () => {
      reached();
      if (scripted instanceof Error) throw scripted;
      return scripted;
    },
  });
  try {
    return { output: await handler(payload, buildLambdaContext()) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return describeThrown(error);
  }
};
