import type { Executions } from '../../../clients/executions.ts';
import { type Ledger, updateRecord } from '../../../clients/ledger.ts';
import type { Locks } from '../../../clients/locks.ts';
import { type DrillRun, drillLock, drillRunKey, drillRunKind } from '../../../records/backup/drill.ts';
import { DrillRequest } from '../../../records/backup/drill-request.ts';
import type { Execution } from '../../../records/execution.ts';
import type { FailedExecution } from '../../../records/failed-execution.ts';
import { describeFailure } from '../../../rules/failed-execution.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import { noteEnd } from '../../run/run-note.ts';
import { forsakeDrill, interruptDrill, nameDestroyer } from '../interrupted-drill.ts';

/** A drill whose execution failed, ran out of time or was stopped: what it has left is destroyed by another one. */

interface DrillInterruptionDeps {
  readonly ledger: Ledger;
  readonly locks: Pick<Locks, 'release'>;
  readonly executions: Pick<Executions, 'start'>;
  readonly clock: Clock;
}

type DrillInterruption =
  /** It had no drill: nothing was begun, or another execution has it now. */
  | { readonly state: 'none' }
  /** Only its message is missing. */
  | { readonly state: 'ended'; readonly run: DrillRun }
  /** @property by name of the execution that destroys. */
  | { readonly state: 'carried-on'; readonly by: string };

/**
 * Notes that the execution has ended, frees its place, and starts the execution that destroys what is left; where none
 * may be started, the drill is ended with what is left. All of it can be done again. A person who stops an execution
 * that destroys means it.
 */
export const interruptDrillOf = async (
  detail: FailedExecution,
  execution: Execution,
  deps: DrillInterruptionDeps,
): Promise<DrillInterruption> => {
  const { ledger, locks, clock } = deps;
  await noteEnd(execution, deps);
  const request = readRequest(detail);
  if (!request) return { state: 'none' };
  const { environment, destroy } = request;
  const reasons = [describeFailure(detail)];
  const run = await change(environment, execution, deps, (mine) =>
    mine.state === 'ended' ? undefined : interruptDrill(mine, reasons, clock.now()),
  );
  // By now no Lambda of it that lives on may change anything.
  await locks.release(drillLock(environment), execution.arn);
  if (!run) return findCarried(environment, execution, ledger);
  if (run.state === 'ended') return { state: 'ended', run };
  const isMeant = detail.status === 'ABORTED' && destroy;
  const by = isMeant ? undefined : await startDestroyer(detail, execution, environment, deps);
  if (by !== undefined) return { state: 'carried-on', by };
  const left = await change(environment, execution, deps, (mine) =>
    mine.state === 'ended' ? undefined : forsakeDrill(mine, reasons, clock.now()),
  );
  return left ? { state: 'ended', run: left } : { state: 'none' };
};

/** A repeat finds that what it has started has the drill already. */
const findCarried = async (
  environment: string,
  execution: Execution,
  ledger: Pick<Ledger, 'read'>,
): Promise<DrillInterruption> => {
  const carrier = (await ledger.read(drillRunKind, drillRunKey(environment)))?.value.execution.name;
  return carrier !== undefined && carrier === nameDestroyer(execution)
    ? { state: 'carried-on', by: carrier }
    : { state: 'none' };
};

/** Changes the drill that this execution carries. @returns it as it is then; undefined when it carries none. */
const change = async (
  environment: string,
  { arn }: Pick<Execution, 'arn'>,
  { ledger, clock }: DrillInterruptionDeps,
  turn: (mine: DrillRun) => DrillRun | undefined,
): Promise<DrillRun | undefined> => {
  const run = await updateRecord(
    ledger,
    drillRunKind,
    drillRunKey(environment),
    (current: DrillRun | undefined) => (current?.execution.arn === arn ? turn(current) : undefined),
    clock,
  );
  return run?.execution.arn === arn ? run : undefined;
};

const readRequest = ({ input }: FailedExecution): DrillRequest | undefined => {
  try {
    return DrillRequest.safeParse(JSON.parse(input ?? '')).data;
  } catch {
    return undefined;
  }
};

/** It says that nobody looks at it, so that people hear also of one that can not begin. */
const startDestroyer = async (
  { stateMachineArn }: FailedExecution,
  execution: Execution,
  environment: string,
  { executions }: DrillInterruptionDeps,
): Promise<string | undefined> => {
  const name = nameDestroyer(execution);
  if (name === undefined) return undefined;
  try {
    await executions.start({
      machine: stateMachineArn,
      name,
      input: { environment, destroy: true, scheduled: true },
    });
    return name;
  } catch (error) {
    // A machine that is gone, or may not be started: a person has to.
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
};
