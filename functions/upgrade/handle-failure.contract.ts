import * as z from 'zod';
import { FailedExecutionEvent } from '../records/failed-execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = FailedExecutionEvent;

export const Output = z.object({ outcome: z.enum(['reported', 'silent', 'released']), id: z.string() });
