import type { PlanStep, StepState } from '../../records/upgrade/plan.ts';
import type { HeldPod } from '../updates/update-error.ts';
import type { HealthVerdict } from './health.ts';

/** What one look at a run needs beside what EKS says. */
export interface Look {
  readonly now: Date;
  readonly health: HealthVerdict;
  readonly handOverHours: number;
  /** May something be changed now? Not while paused, nor outside the window. */
  readonly mayWrite: { readonly ok: true } | { readonly ok: false; readonly reason: string };
  /** Pods that a budget holds, when an update failed over them. */
  readonly held?: readonly HeldPod[];
}

export type Action =
  | { readonly kind: 'start'; readonly step: PlanStep }
  | {
      readonly kind: 'wait';
      readonly seconds: number;
      readonly message: string /** Nothing is under way. */;
      readonly idle: boolean;
    }
  | {
      readonly kind: 'stop';
      readonly outcome: 'stopped' | 'handed-over';
      readonly reasons: readonly string[];
    }
  | { readonly kind: 'done' };

export interface Decision {
  readonly action: Action;
  readonly steps: StepState[];
  /** Since when health is worse or unknown; absent when all is well. */
  readonly worseSince?: string;
}

/** Ends a run where it stands. */
export const stop = (
  steps: StepState[],
  reasons: readonly string[],
  outcome: 'stopped' | 'handed-over' = 'stopped',
): Decision => ({ action: { kind: 'stop', outcome, reasons }, steps });

/** The same steps, but for one of them. */
export const change = (steps: StepState[], index: number, changes: Partial<StepState>): StepState[] =>
  steps.map((state, at) => (at === index ? { ...state, ...changes } : state));

/** Looks again after so many seconds. */
export const wait = (seconds: number, message: string, idle: boolean): Action => ({
  kind: 'wait',
  seconds,
  message,
  idle,
});
