import type * as z from 'zod';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type Locks, openLocks } from '../clients/locks.ts';
import {
  type RestoreReference,
  type RestoreRun,
  restoreHistoryKey,
  restoreLock,
  restoreRunKey,
  restoreRunKind,
} from '../records/backup/restore.ts';
import { placeOf } from '../records/backup/restore-plan.ts';
import type { Configuration } from '../records/configuration.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './begin-restore.contract.ts';
import { judgeBegin, judgeGiveBack } from './restore/reading/begin-judgement.ts';
import type { SubjectSources } from './restore/reading/draft-plan.ts';
import { endForgottenDrill } from './restore/reading/forgotten-run.ts';
import {
  abandonRun,
  type OpenedRun,
  openCarriedRun,
  openGivenBack,
  openPlannedRun,
} from './restore/reading/opened-run.ts';
import { wirePlanSources } from './restore/reading/plan-sources.ts';
import { readPlaceRun, readRestorePlan } from './restore/reading/run-record.ts';
import type { Bearer } from './restore/run-life.ts';
import { shortenReasons } from './restore/telling/shorten.ts';
import { hasEnded } from './run/run-note.ts';
import type { SetStore } from './sets/set-store.ts';
import { wireSets } from './wiring.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly sets: Pick<SetStore, 'read'>;
  readonly configuration: Configuration;
  readonly sources: SubjectSources;
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
export const run = async (
  { execution, carryOn }: Input,
  deps: Deps,
  { signal }: Pick<Invocation, 'signal'>,
): Promise<Output> => {
  if (carryOn?.giveBack) {
    const reasons = await judgeGiveBack(carryOn, execution, deps.ledger);
    if (reasons.length > 0) return { outcome: 'refused', reasons: shortenReasons(reasons) };
    const opener: Opener = (current, bearer) => openGivenBack(current, carryOn, bearer);
    return open({ execution, place: carryOn.place, opener }, deps);
  }
  if (carryOn) {
    const opener: Opener = (current, bearer, now) => openCarriedRun(current, carryOn, bearer, now);
    return open({ execution, place: carryOn.place, opener }, deps);
  }
  const plan = await readRestorePlan(deps.ledger, execution);
  const place = placeOf(plan.target);
  const opener: Opener = (current, bearer, now) => openPlannedRun(current, plan, bearer, now);
  const there = (await readPlaceRun(deps.ledger, place))?.value;
  if (there?.execution.name === execution.name && there.state !== 'ended') {
    // A repeat of this step: its first try has judged it, and what it wrote has to be brought to an end.
    return open({ execution, place, opener }, deps);
  }
  const judged = await judgeBegin(plan, execution, deps, signal);
  if (!judged.ok) return { outcome: 'refused', reasons: shortenReasons(judged.reasons) };
  const isDrill = plan.request.drill !== undefined;
  return open({ execution, place, opener, approvedBy: judged.approvedBy, isDrill }, deps);
};

const refuse = (reason: string): Output => ({ outcome: 'refused', reasons: shortenReasons([reason]) });

const open = async (
  {
    execution,
    place,
    opener,
    approvedBy,
    isDrill = false,
  }: {
    readonly execution: Input['execution'];
    readonly place: string;
    readonly opener: Opener;
    readonly approvedBy?: string;
    readonly isDrill?: boolean;
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
  if (isDrill) await endForgottenDrill(place, execution, deps);
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
      sets: wireSets(ledger),
      configuration: readConfiguration(),
      sources: wirePlanSources(ledger),
      clock: systemClock,
    };
  },
  run,
});
