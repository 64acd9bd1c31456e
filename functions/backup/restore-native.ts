import type * as z from 'zod';
import type { DatabaseRestore } from '../clients/database-restore.ts';
import { openDatabaseRestore } from '../clients/databases/open-database-restore.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type Locks, openLocks } from '../clients/locks.ts';
import { type ObjectCopier, openObjectCopier } from '../clients/object-copy.ts';
import { type ObjectVersions, openObjectVersions } from '../clients/object-versions.ts';
import { openPauses, type Pauses } from '../clients/pauses.ts';
import type { RestoreRun } from '../records/backup/restore.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { workOnDatabase } from './restore/native/database-work.ts';
import {
  isOfTry,
  nativeFactKey,
  type RestoreDatabaseFact,
  type RestoreVersionsFact,
  restoreDatabaseKind,
  restoreVersionsKind,
  tryOf,
} from './restore/native/native-facts.ts';
import { readNativeLook } from './restore/native/native-look.ts';
import { isNativeStep } from './restore/native/native-steps.ts';
import { workOnVersions } from './restore/native/versions-work.ts';
import { LOST, readHeldRun } from './restore/reading/held-run.ts';
import { type CurrentStep, findCurrentStep } from './restore/run-steps.ts';
import * as contract from './restore-native.contract.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly locks: Pick<Locks, 'isHeld'>;
  readonly pauses: Pauses;
  readonly databaseRestore: (region: string) => DatabaseRestore;
  readonly versions: (region: string) => ObjectVersions;
  readonly copier: (region: string) => Pick<ObjectCopier, 'copy'>;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;
type Calling = Pick<Invocation, 'signal' | 'remainingMs'>;

/** Milliseconds that a page may take, with one object of some gigabytes in it. */
const PAGE_MS = 120_000;
/** Milliseconds for which a change of a database is watched in one call; then the machine waits as long as it does elsewhere. */
const WATCH_MS = 40_000;
/** Between two looks of one call: nobody can work while a name is changed. */
const FIRST_LOOK_MS = 1_000;
const LONGEST_LOOK_MS = 5_000;

/**
 * The only one that changes databases and versions of objects for a restore: does what the record says that its step is,
 * as far as one call goes, and leaves what came of it for whoever carries the restore. It deletes no instance and no
 * version, and has no right to.
 *
 * @throws TransientError while RDS, S3 or the ledger do not answer.
 */
export const run = async (input: Input, deps: Deps, calling: Calling): Promise<Output> => {
  const { restore } = input;
  const held = await readHeldRun(input, deps);
  if (!held) return LOST;
  const { value: before, isOurs } = held;
  const current = findCurrentStep(before);
  const { native, target } = before.plan;
  if (!native || !current || !isNativeStep(current.step, before.plan)) {
    return { outcome: 'idle', message: 'Nothing is to be done here.' };
  }
  const about = { capability: 'backup' as const, environment: target.environment, target: restore.place };
  const pause = await deps.pauses.judge(about);
  if (!pause.ok) return { outcome: 'idle', message: pause.reason };
  const isDatabase = current.step.endsWith('database');
  const mayGoOn = async (): Promise<boolean> => (await deps.pauses.judge(about)).ok;
  const fact = await (isDatabase
    ? watchDatabase({ before, current, restore, isOurs, mayGoOn }, deps, calling)
    : moveVersions({ before, current, restore, isOurs, mayGoOn }, deps, calling));
  return fact === undefined ? LOST : { outcome: 'looked', message: fact };
};

interface Held {
  readonly before: RestoreRun;
  readonly current: CurrentStep;
  readonly restore: Input['restore'];
  readonly isOurs: () => Promise<boolean>;
  /** Is it still not paused? */
  readonly mayGoOn: () => Promise<boolean>;
}

/** Looks until RDS has done what it does, or the time of one call is over. Each look is kept: the next may be the last. */
const watchDatabase = async (held: Held, deps: Deps, calling: Calling): Promise<string | undefined> => {
  const until = deps.clock.now().getTime() + Math.min(WATCH_MS, calling.remainingMs() - PAGE_MS);
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(2 * pause, LONGEST_LOOK_MS)) {
    const fact = await lookAtDatabase(held, deps, calling);
    if (fact?.state !== 'waiting' || deps.clock.now().getTime() + pause > until) return fact?.message;
    await deps.clock.sleep(pause, calling.signal);
    if (!(await held.mayGoOn())) return fact.message;
  }
};

const lookAtDatabase = async (
  { before, current, restore, isOurs }: Held,
  deps: Deps,
  { signal }: Calling,
): Promise<Pick<RestoreDatabaseFact, 'state' | 'message'> | undefined> => {
  const database = before.plan.native?.database;
  if (!database) return { state: 'done', message: 'The set has no database.' };
  const now = deps.clock.now();
  const { database: last } = await readNativeLook(restore, deps.ledger, now);
  const task = { run: before, current, database, before: last, now };
  const tools = { databases: deps.databaseRestore(before.plan.target.region), isOurs };
  const fact = await workOnDatabase(task, tools, signal);
  if (!fact) return undefined;
  const key = nativeFactKey(restore, 'database');
  await updateRecord(deps.ledger, restoreDatabaseKind, key, () => fact, deps.clock);
  return fact;
};

const moveVersions = async (
  { before, current, restore, isOurs }: Held,
  deps: Deps,
  { signal, remainingMs }: Calling,
): Promise<string | undefined> => {
  const { native, target } = before.plan;
  if (!native) return 'The set has no buckets.';
  const keep = async (fact: RestoreVersionsFact): Promise<RestoreVersionsFact> => {
    const dated = { ...fact, readAt: deps.clock.now().toISOString() };
    const key = nativeFactKey(restore, 'versions');
    await updateRecord(deps.ledger, restoreVersionsKind, key, () => dated, deps.clock);
    return dated;
  };
  const at = deps.clock.now().toISOString();
  const { versions: last } = await readNativeLook(restore, deps.ledger, deps.clock.now());
  const counts = { bucket: 0, isDone: false, keys: 0, copied: 0, marked: 0 };
  const fact: RestoreVersionsFact =
    last && isOfTry(last, before, current)
      ? last
      : { version: 1, ...tryOf(current), startedAt: at, readAt: at, ...counts };
  const tools = {
    versions: deps.versions(target.region),
    copier: deps.copier(target.region),
    isOurs,
    isOver: () => remainingMs() < PAGE_MS,
    keep,
  };
  const done = await workOnVersions({ run: before, current, native, fact }, tools, signal);
  return (
    done && `${done.keys} keys were looked at, ${done.bucket} of ${native.buckets.length} buckets are done.`
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
      databaseRestore: openDatabaseRestore,
      versions: openObjectVersions,
      copier: openObjectCopier,
      clock: systemClock,
    };
  },
  run,
});
