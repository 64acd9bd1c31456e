import type { Executions } from '../../../clients/executions.ts';
import type { DrillRun } from '../../../records/backup/drill.ts';
import type { RestoreFinding, RestoreOutcome } from '../../../records/backup/restore.ts';
import { SCRATCH } from '../../../records/backup/restore-request.ts';
import { arnOfRestore, type DrillRestore, nameDrillRestore, readRestoreEnd } from '../drill-restore.ts';
import { type DrillTurn, failTurn } from '../drill-turn.ts';

/** Seconds until the next look at a restore; the longer it lasts, the longer they become. */
const LOOK_SECONDS = 15;

interface RestoreStart {
  /** ARN of the machine `restore`. */
  readonly machine: string;
  readonly executions: Pick<Executions, 'start'>;
}

/**
 * The turn `restore`: has the machine of all restores restore the set into the place, once. Its name stands in the
 * record before it is started, since that record is its approval. Nothing but `restored` without a failed check counts.
 */
export const restoreTurn = (run: DrillRun, seen: DrillRestore, sources: RestoreStart): DrillTurn => {
  if (!seen.execution) return startRestore(run, sources);
  // A Job that outlives its execution is ended by the destruction.
  if (seen.execution.status === 'running' || seen.isCarried) {
    const step = seen.record?.steps.find(({ state }) => state === 'running');
    const message = step ? `restores: ${step.step}, ${step.message}` : 'restores';
    return { verdict: { state: 'wait', seconds: LOOK_SECONDS, message } };
  }
  const { outcome, reasons } = readRestoreEnd(seen);
  const findings = (seen.record?.findings ?? []).map(({ check, result, message }) => ({
    check,
    result,
    message,
  }));
  const learn = (record: DrillRun): DrillRun => ({
    ...record,
    findings,
    restore: {
      execution: arnOfRestore(sources.machine, run),
      ...record.restore,
      ...(outcome === undefined ? {} : { outcome }),
    },
  });
  const failures = listFailures(outcome, reasons, findings);
  return failures.length > 0
    ? { ...failTurn(...failures), learn }
    : { verdict: { state: 'done', message: `restored set ${run.set.id}` }, learn };
};

const startRestore = (run: DrillRun, { machine, executions }: RestoreStart): DrillTurn => {
  const name = nameDrillRestore(run);
  const { environment, id: set } = run.set;
  return {
    verdict: { state: 'act', message: `starts ${name} of restore` },
    intend: (before) => ({ ...before, restore: { execution: arnOfRestore(machine, run) } }),
    deed: async () => {
      const input = {
        environment,
        set,
        target: SCRATCH,
        by: 'restore.drill of drydock.yaml',
        why: `drill ${run.id}`,
        dryRun: false,
        drill: run.id,
      };
      await executions.start({ machine, name, input });
    },
  };
};

const listFailures = (
  outcome: RestoreOutcome | undefined,
  reasons: readonly string[],
  findings: readonly Omit<RestoreFinding, 'step'>[],
): string[] => {
  const bad = findings
    .filter(({ result }) => result === 'fail')
    .map(({ check, message }) => `${check}: ${message}`);
  if (outcome === 'restored') return bad;
  const what = outcome === undefined ? 'The restore came to no end.' : `The restore ended as ${outcome}.`;
  return [what, ...reasons, ...bad];
};
