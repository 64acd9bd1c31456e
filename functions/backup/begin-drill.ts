import type * as z from 'zod';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import type { Locks } from '../clients/locks.ts';
import type { Pauses } from '../clients/pauses.ts';
import { type DrillRun, drillLock, drillRunKey, drillRunKind } from '../records/backup/drill.ts';
import { placeOf } from '../records/backup/restore-plan.ts';
import type { BackupSet } from '../records/backup/set.ts';
import type { Configuration } from '../records/configuration.ts';
import type { Clock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { RefusedError } from '../runtime/errors.ts';
import { makeLambda } from '../runtime/lambda.ts';
import * as contract from './begin-drill.contract.ts';
import { beginDrill, takeUpDrill } from './drill/drill-life.ts';
import { type OpenedDrill, openDrill } from './drill/reading/drill-record.ts';
import { pickDrillSet } from './drill/reading/drill-set.ts';
import { type DrillSubject, findDrill } from './drill/reading/drill-subject.ts';
import { withoutDot } from './job/sentence-part.ts';
import { hasEnded } from './run/run-note.ts';
import type { SetStore } from './sets/set-store.ts';
import { wireLedger } from './wiring.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly pauses: Pauses;
  readonly sets: Pick<SetStore, 'listAll' | 'read'>;
  readonly configuration: Configuration;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Takes the place of a drill for this execution and writes the drill down. What an earlier one has left comes first: it
 * is taken up to be destroyed, whatever drydock.yaml says by now, and nothing is rehearsed on top of it. Nothing of the
 * cluster is changed yet. A repeat finds the drill that it has begun.
 *
 * @throws TransientError while the ledger does not answer.
 */
export const run = async ({ execution, request }: Input, deps: Deps): Promise<Output> => {
  const { environment } = request;
  const pause = await deps.pauses.judge({
    capability: 'backup',
    environment,
    target: placeOf({ kind: 'scratch', environment }),
  });
  if (!pause.ok) return { outcome: 'paused', message: `Drills are ${pause.reason}.`, reasons: [] };
  const lock = drillLock(environment);
  const taken = await deps.locks.acquire(lock, execution.arn);
  if (!taken.ok) return refuse(`another execution has the place: ${taken.lock.owner}`);
  const giveUp = async (answer: Output): Promise<Output> => {
    await deps.locks.release(lock, execution.arn);
    return answer;
  };
  // Whoever ends an execution notes that before it frees the lock, so either this finds the end or the end the lock.
  if (await hasEnded(deps.ledger, execution)) return giveUp(refuse(`${execution.name} has ended already`));
  const opened = await open({ execution, request }, deps);
  if (opened.outcome === 'refused') return giveUp(refuse(opened.reason));
  if (opened.outcome === 'nothing') {
    return giveUp({ outcome: 'nothing', message: opened.reason, reasons: [] });
  }
  const { run: drill } = opened;
  if (await hasEnded(deps.ledger, execution)) {
    await abandon(drill, deps);
    return giveUp(refuse(`${execution.name} was ended while it began`));
  }
  return {
    outcome: 'begun',
    drill: { environment, id: drill.id },
    message:
      drill.way === 'destroy'
        ? `Destroys what the drill ${drill.id} has left.`
        : `Rehearses set ${drill.set.id} in ${drill.target.namespace} of ${drill.target.cluster}.`,
    reasons: [],
  };
};

const refuse = (reason: string): Output => ({
  outcome: 'refused',
  message: 'The drill could not begin.',
  reasons: [`${reason.charAt(0).toUpperCase()}${withoutDot(reason.slice(1))}.`],
});

/** The set is looked for only where a drill may begin: what was left is destroyed also when there is none. */
const open = async ({ execution, request }: Input, deps: Deps): Promise<OpenedDrill> => {
  const { environment } = request;
  const current = (await deps.ledger.read(drillRunKind, drillRunKey(environment)))?.value;
  const wish = await findWish(current, { execution, request }, deps);
  return openDrill(
    environment,
    (earlier) => {
      const now = deps.clock.now();
      const carried = takeUpDrill(earlier, execution, now);
      if (carried) return { outcome: 'begun', run: carried };
      if (!wish.ok) return wish.end;
      if (earlier?.execution.name === execution.name) {
        return { outcome: 'refused', reason: `${execution.name} has ended already` };
      }
      const { subject, set } = wish;
      const { policy, id } = set;
      const reference = { environment, policy, id };
      return {
        outcome: 'begun',
        run: beginDrill({ set: reference, target: subject.target, execution }, now),
      };
    },
    deps,
  );
};

/** One of which nothing was done ends at once; what an earlier one left waits for the next execution. */
const abandon = async ({ id, environment }: DrillRun, { ledger, clock }: Deps): Promise<void> => {
  await updateRecord(
    ledger,
    drillRunKind,
    drillRunKey(environment),
    (current: DrillRun | undefined): DrillRun | undefined =>
      current?.id === id && current.way === 'rehearse' && current.state === 'under-way'
        ? { ...current, state: 'ended', outcome: 'refused', endedAt: clock.now().toISOString() }
        : undefined,
    clock,
  );
};

type Wish =
  | { readonly ok: true; readonly subject: DrillSubject; readonly set: BackupSet }
  | { readonly ok: false; readonly end: OpenedDrill };

const findWish = async (
  current: DrillRun | undefined,
  { execution, request }: Input,
  { sets, configuration, clock }: Deps,
): Promise<Wish> => {
  const { environment, set: asked, destroy } = request;
  const end = (outcome: 'nothing' | 'refused', reason: string): Wish => ({
    ok: false,
    end: { outcome, reason },
  });
  if (takeUpDrill(current, execution, clock.now()))
    return end('refused', 'the drill before it has to go first');
  if (destroy) return end('nothing', `No drill of ${environment} has left anything.`);
  try {
    const subject = findDrill(configuration, environment);
    const picked = await pickDrillSet(environment, asked, sets, subject.takesNative);
    return picked.ok ? { ok: true, subject, set: picked.set } : end('refused', picked.reason);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return end('refused', error.message);
  }
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }): Deps => ({
    ...wireLedger(LEDGER_BUCKET),
    configuration: readConfiguration(),
  }),
  run,
});
