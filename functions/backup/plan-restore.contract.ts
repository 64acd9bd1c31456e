import * as z from 'zod';
import { RestoreRequest } from '../records/backup/restore-request.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  request: RestoreRequest,
  /** May it ask for a look at the database first? Not twice, and not of a machine that is older than that look. */
  mayProbe: z.boolean().default(false),
});

/** Lines of a plan in the payload; a payload holds 256 KiB, and the record has all of them. */
export const MAX_LINES = 60;

export const Output = z.object({
  /**
   * `planned`: it was a dry run, and this is its end. `proceed`: somebody else is asked for the approval. `rehearse`: it
   * is of a drill, and nobody is asked. `probe`: nothing is written down yet, and nothing stands against it so far; the
   * database is to be asked, and then this once more.
   */
  outcome: z.enum(['planned', 'proceed', 'rehearse', 'refused', 'probe']),
  /** Seconds that its approval is waited for. */
  approvalSeconds: z.int().positive().optional(),
  plan: z.object({ id: z.string(), key: z.string() }).optional(),
  /** The plan in words, a line a step. */
  text: z.array(z.string()),
  /** Why it is refused, worst first. */
  reasons: z.array(z.string()),
});
