import * as z from 'zod';
import { Execution } from '../records/execution.ts';

export const Env = z.object({
  LEDGER_BUCKET: z.string().min(1),
  DEPLOYMENT_MACHINE_ARN: z.string().min(1),
});

export const Input = z.object({ execution: Execution, image: z.string() });

export const Output = z.object({
  image: z.string(),
  tags: z.int().nonnegative(),
  /** Names of the executions started for what had been missed. */
  started: z.array(z.string()),
  /** Names of the targets that could not be looked at; the next sweep does. */
  notChecked: z.array(z.string()).default([]),
});
