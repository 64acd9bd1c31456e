import * as z from 'zod';
import { makeLambda } from '../../functions/runtime/lambda.ts';
import { loadContracts } from '../deployment/contracts.ts';
import { buildLambdaContext } from '../support/lambda-context.ts';
import { type Answer, type Walk, walkMachine } from '../support/walk-machine.ts';

/** Walks the machines of the upgrade capability with the real contracts of their functions. */

const contracts = await loadContracts('upgrade');
/** The execution that every walk takes place in. */
export const EXECUTION = {
  arn: 'arn:aws:states:eu-central-1:111122223333:execution:drydock-main-x:y',
  name: 'y',
  startedAt: '2026-11-21T05:00:02.871Z',
};
type Scripted = object | Error;
/** What each state's function or child answers: one answer each time, or one after the other. */
export type Script = Readonly<Record<string, Scripted | readonly Scripted[]>>;

/** States that called their function with a payload that fits, over all walks. */
export const proven = new Set<string>();

/** The real Lambda skeleton around a scripted answer; an error travels as its name and a JSON text. */
const callFunction = async (
  name: string,
  payload: unknown,
  scripted: Scripted,
  state: string,
): Promise<Answer> => {
  const contract = contracts.get(name);
  if (!contract) throw new Error(`${state} calls ${name}, and there is no such function.`);
  const handler = makeLambda({
    contract: { ...contract, Env: z.object({}) },
    deps: () => undefined,
    run: async () => {
      proven.add(state);
      if (scripted instanceof Error) throw scripted;
      return scripted;
    },
  });
  try {
    return { output: await handler(payload, buildLambdaContext()) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return {
      error: error.name,
      cause: JSON.stringify({ errorType: error.name, errorMessage: error.message }),
    };
  }
};

/** Walks with scripted answers; the arguments of every direct integration are kept. */
export const walk = async (
  machine: string,
  input: unknown,
  script: Script,
): Promise<Walk & { calls: unknown[] }> => {
  const visits = new Map<string, number>();
  const calls: unknown[] = [];
  const walked = await walkMachine({
    machine,
    execution: EXECUTION,
    input,
    answer: async (called, payload, state) => {
      const visit = visits.get(state) ?? 0;
      visits.set(state, visit + 1);
      const given = script[state];
      const scripted = Array.isArray(given) ? given[Math.min(visit, given.length - 1)] : given;
      if (scripted === undefined)
        throw new Error(`The walk came to ${state}, for which nothing is scripted.`);
      if (called.startsWith('arn:')) {
        calls.push(payload);
        return scripted instanceof Error
          ? { error: scripted.name, cause: scripted.message }
          : { output: { Output: scripted } };
      }
      return callFunction(called.replaceAll(/(?!^)[A-Z]/g, '-$&').toLowerCase(), payload, scripted, state);
    },
  });
  return { ...walked, calls };
};
