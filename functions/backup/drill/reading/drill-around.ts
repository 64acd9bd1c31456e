import type { DrillRun } from '../../../records/backup/drill.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import { isRestoring } from '../drill-restore.ts';
import { findDrillStep } from '../drill-steps.ts';
import { type DrillTurn, failTurn } from '../drill-turn.ts';
import { judgeClosure } from '../network-policies.ts';
import { type DrillLook, isWatched } from '../next-drill-step.ts';
import { findAwake } from '../workload-kinds.ts';
import { lookAtRestore, stopRestore } from './restore-look.ts';
import { type TurnSources, takeDrillLook, wantPolicies } from './take-drill-look.ts';

/** One look at a drill: what is seen whatever the step, and what the step at hand sees. */

interface LookTask {
  readonly run: DrillRun;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Why nothing may be changed now. */
  readonly paused?: string;
}

interface SeenAround {
  readonly look: DrillLook;
  readonly turn: DrillTurn | undefined;
  /** Done behind the record, whatever comes of the turn. */
  readonly afterwards?: () => Promise<void>;
}

const PAUSED_SECONDS = 60;

const NOTHING: DrillTurn = { verdict: { state: 'wait', seconds: 1, message: 'looks' } };

/**
 * Looks. What may not be read fails the step at hand; that of a rehearsal leads to its destruction, and that of a
 * destruction is tried again.
 *
 * @throws TransientError while cluster, Step Functions or ledger do not answer.
 */
export const lookAround = async (task: LookTask, sources: TurnSources): Promise<SeenAround> => {
  const { run, now, signal, paused } = task;
  const step = findDrillStep(run)?.step;
  const calm: DrillLook = { now, breaches: [], isRestoring: false };
  if (step === undefined) return { look: calm, turn: undefined };
  try {
    const breaches = isWatched(run, step) ? await findBreaches(task, sources) : [];
    // Broken off whatever the step would say.
    if (breaches.length > 0) return { look: { ...calm, breaches }, turn: NOTHING };
    const restore = await lookAtRestore(run, sources, signal);
    if (run.way === 'destroy' && isRestoring(restore, now)) {
      const stop = (): Promise<void> => stopRestore(run, restore, sources, signal);
      const look = { ...calm, isRestoring: true };
      return paused === undefined
        ? { look, turn: NOTHING, afterwards: stop }
        : { look: calm, turn: waitPaused(paused) };
    }
    // A second look is of no use to whoever may act on it hours later.
    if (paused !== undefined && step === 'look-again') return { look: calm, turn: waitPaused(paused) };
    const turn = await takeDrillLook(step, { run, restore, now, signal }, sources);
    return { look: calm, turn: paused === undefined ? turn : holdBack(turn, paused) };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { look: calm, turn: failTurn(error.message) };
  }
};

/** From the moment the place was closed: whether it still is, and whether anything in it reaches out. */
const findBreaches = async (
  { run, signal }: LookTask,
  { policies, scaling, settings }: TurnSources,
): Promise<string[]> => {
  const { namespace } = run.target;
  const [standing, workloads] = await Promise.all([
    policies.list(namespace, signal),
    scaling.listWorkloads(namespace, signal),
  ]);
  return [...judgeClosure(standing, wantPolicies(run, settings()), run.id), ...findAwake(workloads)];
};

const waitPaused = (reason: string): DrillTurn => ({
  verdict: { state: 'wait', seconds: PAUSED_SECONDS, message: reason },
});

/** What is seen is seen also while it is paused; nothing is changed. */
const holdBack = (turn: DrillTurn, reason: string): DrillTurn =>
  turn.verdict.state === 'act' || turn.verdict.state === 'inspect'
    ? { ...(turn.learn ? { learn: turn.learn } : {}), ...waitPaused(reason) }
    : turn;
