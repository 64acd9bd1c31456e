import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Executions } from '../../../clients/executions.ts';
import { type Ledger, updateRecord } from '../../../clients/ledger.ts';
import type { Locks } from '../../../clients/locks.ts';
import {
  RestoreReference as Reference,
  type RestoreReference,
  type RestoreRun,
  restoreLock,
  restoreRunKey,
  restoreRunKind,
} from '../../../records/backup/restore.ts';
import { placeOf, restorePlanKey, restorePlanKind } from '../../../records/backup/restore-plan.ts';
import type { Execution } from '../../../records/execution.ts';
import type { FailedExecution } from '../../../records/failed-execution.ts';
import { describeFailure } from '../../../rules/failed-execution.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import { noteEnd } from '../../run/run-note.ts';
import { interruptRun } from '../run-life.ts';
import { isOfDrill, leaveRun } from '../run-rest.ts';
import { holdData } from './place-locks.ts';

/** A restore whose execution failed, ran out of time or was stopped: brought to rest by another one. */

interface InterruptionDeps {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly executions: Pick<Executions, 'start'>;
  readonly clock: Clock;
}

interface Interruption {
  readonly restore: RestoreReference;
  readonly run: RestoreRun;
  /** Name of the execution that carries it on; undefined: none was started, and a person has to. */
  readonly carriedBy: string | undefined;
}

/** Executions of one run at most that start by themselves: one that fails each time is looked at by a person. */
const MAX_CARRIERS = 8;

const Carrying = z.object({ carryOn: Reference });

/**
 * Notes that the execution has ended, marks its run as interrupted, and starts the execution that undoes it or asks a
 * person. All of it can be done again. A person who stops an execution of that kind means it; a run of a drill is at its
 * end then.
 *
 * @returns undefined when the execution carried no run: nothing was begun.
 */
export const interruptRestore = async (
  detail: FailedExecution,
  execution: Execution,
  deps: InterruptionDeps,
): Promise<Interruption | undefined> => {
  const { ledger, locks, clock } = deps;
  await noteEnd(execution, deps);
  const carried = readCarrying(detail);
  const place = carried?.place ?? (await findPlace(execution, ledger));
  if (place === undefined) return undefined;
  let mine: RestoreRun | undefined;
  await updateRecord(
    ledger,
    restoreRunKind,
    restoreRunKey(place),
    (current: RestoreRun | undefined) => {
      mine = current?.execution.arn === execution.arn ? current : undefined;
      if (!mine || mine.state === 'ended') return undefined;
      const interrupted = interruptRun(mine, [describeFailure(detail)], clock.now());
      mine = interrupted;
      return interrupted;
    },
    clock,
  );
  const run = mine;
  // By now no Lambda of it that lives on may change anything.
  await locks.release(restoreLock(place), execution.arn);
  if (!run) return undefined;
  const restore = { place, id: run.id };
  if (run.state === 'ended') return { restore, run, carriedBy: undefined };
  await holdData(run, restore, locks);
  const isStopped = detail.status === 'ABORTED' && carried !== undefined;
  const isLooping = run.earlier.length >= MAX_CARRIERS;
  const carriedBy = isStopped || isLooping ? undefined : await startCarrier(detail, restore, run, deps);
  // Nobody is to be woken for a place that a drill destroys.
  const left = carriedBy === undefined && isOfDrill(run) ? await leave(run, place, deps) : run;
  return { restore, run: left, carriedBy };
};

const leave = async (
  run: RestoreRun,
  place: string,
  { ledger, clock }: InterruptionDeps,
): Promise<RestoreRun> => {
  const left = leaveRun(run, clock.now());
  await updateRecord(
    ledger,
    restoreRunKind,
    restoreRunKey(place),
    (current: RestoreRun | undefined) =>
      current?.execution.arn === run.execution.arn && current.state !== 'ended' ? left : undefined,
    clock,
  );
  return left;
};

const readCarrying = ({ input }: FailedExecution): RestoreReference | undefined => {
  try {
    return Carrying.safeParse(JSON.parse(input ?? '')).data?.carryOn;
  } catch {
    return undefined;
  }
};

const findPlace = async (
  { name }: Pick<Execution, 'name'>,
  ledger: Pick<Ledger, 'read'>,
): Promise<string | undefined> => {
  const plan = (await ledger.read(restorePlanKind, restorePlanKey(name)))?.value;
  return plan && placeOf(plan.target);
};

const startCarrier = async (
  { stateMachineArn }: FailedExecution,
  restore: RestoreReference,
  { earlier }: RestoreRun,
  { executions }: InterruptionDeps,
): Promise<string | undefined> => {
  const hash = createHash('sha256').update(restore.id).digest('hex').slice(0, 16);
  const name = `carry-on-${hash}-${earlier.length + 1}`;
  try {
    await executions.start({ machine: stateMachineArn, name, input: { carryOn: restore } });
    return name;
  } catch (error) {
    // A machine that is gone, or may not be started: a person has to.
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
};
