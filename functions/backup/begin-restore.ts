import type * as z from 'zod';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type Locks, openLocks } from '../clients/locks.ts';
import { openPauses, type Pauses } from '../clients/pauses.ts';
import { approvalKind } from '../records/approval.ts';
import {
  type RestoreReference,
  type RestoreRun,
  restoreHistoryKey,
  restoreLock,
  restoreRunKey,
  restoreRunKind,
} from '../records/backup/restore.ts';
import { placeOf, type RestorePlan, restoreApprovalKey } from '../records/backup/restore-plan.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './begin-restore.contract.ts';
import { abandonRun, type OpenedRun, openCarriedRun, openPlannedRun } from './restore/reading/opened-run.ts';
import { readRestorePlan } from './restore/reading/run-record.ts';
import type { Bearer } from './restore/run-life.ts';
import { hasEnded } from './run/run-note.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;
type Opener = (current: RestoreRun | undefined, bearer: Bearer, now: Date) => OpenedRun;

/**
 * Takes the place for this execution and writes the run down: a new one of an approved plan, or one that was left in
 * the middle. Nothing of the cluster is changed yet; whoever changes it asks for the fence that is given here.
 *
 * @throws TransientError while the ledger does not answer.
 */
export const run = async ({ execution, carryOn }: Input, deps: Deps): Promise<Output> => {
  if (carryOn) {
    const opener: Opener = (current, bearer, now) => openCarriedRun(current, carryOn, bearer, now);
    return open({ execution, place: carryOn.place, opener }, deps);
  }
  const plan = await readRestorePlan(deps.ledger, execution);
  const approvedBy = await findApproval(plan, deps);
  if (approvedBy === undefined) return refuse('nobody has approved this plan');
  if (plan.resumes === undefined && plan.checks.some(({ stops }) => stops)) {
    return refuse('a precheck of its plan stands against it');
  }
  const place = placeOf(plan.target);
  const pause = await deps.pauses.judge({
    capability: 'backup',
    environment: plan.target.environment,
    target: place,
  });
  if (!pause.ok) return refuse(pause.reason);
  const opener: Opener = (current, bearer, now) => openPlannedRun(current, plan, bearer, now);
  return open({ execution, place, opener, approvedBy }, deps);
};

const refuse = (reason: string): Output => ({ outcome: 'refused', reasons: [reason] });

const findApproval = async (plan: RestorePlan, { ledger }: Deps): Promise<string | undefined> => {
  const stored = await ledger.read(approvalKind, restoreApprovalKey(plan.execution.name));
  return stored?.value.plan === plan.id ? stored.value.by : undefined;
};

const open = async (
  {
    execution,
    place,
    opener,
    approvedBy,
  }: {
    readonly execution: Input['execution'];
    readonly place: string;
    readonly opener: Opener;
    readonly approvedBy?: string;
  },
  deps: Deps,
): Promise<Output> => {
  const taken = await deps.locks.acquire(restoreLock(place), execution.arn);
  if (!taken.ok) return refuse(`another execution restores into ${place}: ${taken.lock.owner}`);
  const giveUp = async (reason: string): Promise<Output> => {
    await deps.locks.release(restoreLock(place), execution.arn);
    return refuse(reason);
  };
  // Whoever ends an execution notes that before it frees the lock, so either this finds the end or the end the lock.
  if (await hasEnded(deps.ledger, execution)) return giveUp(`${execution.name} has ended already`);
  const bearer: Bearer = {
    execution,
    fence: taken.lock.token,
    ...(approvedBy === undefined ? {} : { approvedBy }),
  };
  const opened = await write(place, opener, bearer, deps);
  if (!opened.ok) return giveUp(opened.reason);
  const restore: RestoreReference = { place, id: opened.run.id };
  if (!(await hasEnded(deps.ledger, execution))) return { outcome: 'begun', restore, reasons: [] };
  await abandon(place, execution, deps);
  return giveUp(`${execution.name} was ended while it began`);
};

const write = async (
  place: string,
  opener: Opener,
  bearer: Bearer,
  { ledger, clock }: Deps,
): Promise<OpenedRun> => {
  // A run that has ended makes room; it stays in the history, also when its last step died before it wrote that.
  const past = (await ledger.read(restoreRunKind, restoreRunKey(place)))?.value;
  if (past?.state === 'ended') {
    await ledger.claim(restoreRunKind, restoreHistoryKey(place, past.id), past);
  }
  let opened: OpenedRun = { ok: false, reason: 'nothing was opened' };
  await updateRecord(
    ledger,
    restoreRunKind,
    restoreRunKey(place),
    (current: RestoreRun | undefined) => {
      opened = opener(current, bearer, clock.now());
      return opened.ok ? opened.run : undefined;
    },
    clock,
  );
  return opened;
};

/** What nobody has touched ends at once; anything else waits for whoever carries it on. */
const abandon = async (
  place: string,
  execution: Input['execution'],
  { ledger, clock }: Deps,
): Promise<void> => {
  await updateRecord(
    ledger,
    restoreRunKind,
    restoreRunKey(place),
    (current: RestoreRun | undefined) =>
      current?.execution.name === execution.name && current.state !== 'ended'
        ? abandonRun(current, 'its execution was ended while it began', clock.now())
        : undefined,
    clock,
  );
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }): Deps => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      ledger,
      locks: openLocks(ledger, systemClock),
      pauses: openPauses(ledger, systemClock),
      clock: systemClock,
    };
  },
  run,
});
