import * as z from 'zod';
import { BackupSetState, BackupStep } from '../records/backup/set.ts';
import { BackupSetId } from '../records/backup/set-id.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

/** When each step of the run ended, as the machine saw it; `begin` is when its turn had come. */
const StepEnds = z.partialRecord(z.enum(['begin', ...BackupStep.options]), z.iso.datetime());

export const Input = z.object({
  execution: Execution,
  /** What the execution was asked for. */
  request: z.object({ environment: z.string().min(1), policy: z.string().min(1).optional() }),
  /**
   * `made`: every step went its way, and the manifest says what came of it. `refused`: something said no before the Job.
   * `failed`: a step broke off.
   */
  outcome: z.enum(['made', 'refused', 'overlapped', 'paused', 'failed']),
  reasons: z.array(z.string()).default([]),
  /** What did not end the run and a person should know. */
  concerns: z.array(z.string()).default([]),
  ends: StepEnds.default({}),
});

export const Output = z.object({
  /** State of the set, or why there is none; `not-begun`: it broke off before there was one; `lost`: its manifest is gone. */
  outcome: z.enum([
    ...BackupSetState.exclude(['running', 'deleted']).options,
    'refused',
    'overlapped',
    'paused',
    'not-begun',
    'lost',
  ]),
  set: BackupSetId.optional(),
  /** The first sentence of the message that people got. */
  message: z.string(),
  reasons: z.array(z.string()),
});
