import * as z from 'zod';
import { SetReference } from '../records/backup/run.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, set: SetReference });

/** As many as a person reads, and as fit into the payload of a state; all of them lie in the fact `preflight`. */
export const MAX_SENTENCES = 20;
const Sentences = z.array(z.string().max(600)).max(MAX_SENTENCES);

export const Output = z.object({
  outcome: z.enum(['passed', 'refused']),
  /** Why it must not begin, each with what to do; empty when passed. */
  reasons: Sentences,
  /** What to mend, and what nobody could look at; it begins all the same. */
  warnings: Sentences,
});
