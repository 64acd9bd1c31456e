import * as z from 'zod';
import { type Contract, makeLambda } from '../../functions/runtime/lambda.ts';
import { buildLambdaContext } from './lambda-context.ts';
import type { Answer } from './walk-machine.ts';

/** What the functions of a machine answer in a walk: said beforehand, but by the real skeleton and real contracts. */

export type Scripted = object | Error;
/** By state: one answer each time, or one after the other, the last for good. */
export type Script = Readonly<Record<string, Scripted | readonly Scripted[]>>;

/** Gives each visit of a state its answer. @throws Error at a state for which nothing is scripted. */
export const readScript = (script: Script): ((state: string) => Scripted) => {
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
export const functionOf = (called: string): string => called.replaceAll(/(?!^)[A-Z]/g, '-$&').toLowerCase();

type AnyContract = Contract<z.ZodType, z.ZodType, z.ZodType>;

/**
 * Runs the real Lambda skeleton around a scripted answer: real contract, real messages of its errors. As in Lambda, an
 * error travels as its name and a JSON text.
 */
export const callScripted = async (
  contract: Pick<AnyContract, 'Input' | 'Output'>,
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
    const cause = JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: [] });
    return { error: error.name, cause };
  }
};
