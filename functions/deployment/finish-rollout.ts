import type * as z from 'zod';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './finish-rollout.contract.ts';
import { endRollout, type RolloutEndDeps, wireRolloutEnd } from './rollout-end.ts';

/** The last step of a rollout that ended by itself, well or badly. */
export const run = (
  input: z.output<typeof contract.Input>,
  deps: RolloutEndDeps,
): Promise<z.input<typeof contract.Output>> => endRollout(input, deps);

export const handler = makeLambda({ contract, deps: wireRolloutEnd, run });
