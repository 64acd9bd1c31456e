import type { Execution } from '../../records/execution.ts';
import type { StepEnds } from './step-timings.ts';

/** Which execution of `backup` ended, how, and why. */
export interface BackupEnding {
  readonly execution: Execution;
  readonly environment: string;
  /** For the message about a run that never had a set. */
  readonly policy: string;
  readonly outcome: 'made' | 'refused' | 'overlapped' | 'paused' | 'failed';
  readonly reasons: readonly string[];
  readonly concerns: readonly string[];
  readonly ends: StepEnds;
}
