import type * as z from 'zod';
import { mapBounded } from '../clients/bounded.ts';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type Locks, openLocks } from '../clients/locks.ts';
import { type ObjectCopier, openObjectCopier } from '../clients/object-copy.ts';
import { openPauses, type Pauses } from '../clients/pauses.ts';
import type { RestoreRun } from '../records/backup/restore.ts';
import { restoreFactKey } from '../records/backup/restore-limits.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import * as contract from './put-back-objects.contract.ts';
import { LOST, readHeldRun } from './restore/reading/held-run.ts';
import {
  type RestoreObjectsFact,
  restoreObjectsKind,
  summariseCopies,
} from './restore/reading/objects-fact.ts';
import { findCurrentStep } from './restore/run-steps.ts';
import { choosePutBack } from './restore/tmp-folders.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly locks: Pick<Locks, 'isHeld'>;
  readonly pauses: Pauses;
  readonly copier: (region: string) => ObjectCopier;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/** Objects that S3 copies at the same time. */
const WIDTH = 32;
/** Milliseconds that a page may take, with one object of some gigabytes in it. */
const PAGE_MS = 120_000;

/**
 * Copies what the tool has put into the tmp bucket back over what lies in the buckets of GitLab, page by page, as far
 * as the time of one call goes. Where it came to is noted after each page, so that a repeat copies one page again. An
 * object that can not be copied is counted, and hides no other.
 *
 * @throws TransientError while S3 or the ledger do not answer.
 */
export const run = async (
  input: Input,
  deps: Deps,
  { signal, remainingMs }: Pick<Invocation, 'signal' | 'remainingMs'>,
): Promise<Output> => {
  const { restore } = input;
  const held = await readHeldRun(input, deps);
  if (!held) return LOST;
  const { value: before, isOurs } = held;
  const current = findCurrentStep(before);
  if (current?.step !== 'put-back-objects') return { outcome: 'done', message: 'Nothing is to be copied.' };
  const { environment } = before.plan.target;
  const pause = await deps.pauses.judge({ capability: 'backup', environment, target: restore.place });
  if (!pause.ok) return { outcome: 'unfinished', message: pause.reason };
  const copier = deps.copier(before.plan.target.region);
  const keep = async (fact: RestoreObjectsFact): Promise<RestoreObjectsFact> => {
    const key = restoreFactKey(restore, 'objects');
    await updateRecord(deps.ledger, restoreObjectsKind, key, () => fact, deps.clock);
    return fact;
  };
  let fact = await readFact(before, current.attempt, restore, { ledger: deps.ledger, copier }, signal, keep);
  while (!summariseCopies(fact).isDone) {
    if (remainingMs() < PAGE_MS) return { outcome: 'unfinished', message: describe(fact) };
    if (!(await isOurs())) return LOST;
    fact = await keep(
      await copyPage(before, fact, { copier, isOver: () => remainingMs() < PAGE_MS }, signal),
    );
  }
  return { outcome: 'done', message: describe(fact) };
};

const describe = ({ copied, folder, folders, failed }: RestoreObjectsFact): string =>
  `${copied} objects are back, ${folder} of ${folders.length} folders${failed ? `; ${failed.count} could not be copied` : ''}.`;

const readFact = async (
  { plan, startedAt, destructiveAt }: RestoreRun,
  attempt: number,
  restore: Input['restore'],
  { ledger, copier }: { readonly ledger: Ledger; readonly copier: ObjectCopier },
  signal: AbortSignal,
  keep: (fact: RestoreObjectsFact) => Promise<RestoreObjectsFact>,
): Promise<RestoreObjectsFact> => {
  const noted = (await ledger.read(restoreObjectsKind, restoreFactKey(restore, 'objects')))?.value;
  if (noted?.attempt === attempt) return noted;
  const empty = { version: 1 as const, attempt, folders: [], untouched: [], folder: 0, copied: 0 };
  if (plan.tmpBucket === undefined || destructiveAt === undefined) return keep(empty);
  try {
    const prefixes = await copier.listFolders(plan.tmpBucket, signal);
    const { folders, untouched } = choosePutBack(prefixes, { startedAt, destructiveAt }, plan);
    return await keep({ ...empty, folders: [...folders], untouched: [...untouched] });
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return keep({ ...empty, failed: { count: 1, why: error.message } });
  }
};

const copyPage = async (
  { plan }: RestoreRun,
  fact: RestoreObjectsFact,
  { copier, isOver }: { readonly copier: ObjectCopier; readonly isOver: () => boolean },
  signal: AbortSignal,
): Promise<RestoreObjectsFact> => {
  const folder = fact.folders[fact.folder];
  const { tmpBucket: bucket } = plan;
  if (!folder || bucket === undefined) return { ...fact, folder: fact.folders.length };
  const failures: string[] = [];
  const refuse = (error: unknown): void => {
    if (!(error instanceof RefusedError)) throw error;
    failures.push(error.message);
  };
  const place = { bucket, prefix: folder.prefix, after: fact.after };
  const page = await copier.listPage(place, signal).catch((error: unknown) => {
    refuse(error);
    return { objects: [], isLast: true };
  });
  let tried = 0;
  while (tried < page.objects.length && (tried === 0 || !isOver())) {
    const some = page.objects.slice(tried, tried + WIDTH);
    await mapBounded(some, WIDTH, async ({ key, size }) => {
      const to = { bucket: folder.bucket, key: key.slice(folder.prefix.length) };
      await copier.copy({ bucket, key, size }, to, signal).catch(refuse);
    });
    tried += some.length;
  }
  const isWhole = page.isLast && tried === page.objects.length;
  const last = page.objects[tried - 1]?.key;
  const { after: _, failed, ...rest } = fact;
  const count = (failed?.count ?? 0) + failures.length;
  const why = failed?.why ?? failures[0];
  return {
    ...rest,
    folder: isWhole ? fact.folder + 1 : fact.folder,
    ...(isWhole || last === undefined ? {} : { after: last }),
    copied: fact.copied + Math.max(0, tried - failures.length),
    ...(count > 0 && why !== undefined ? { failed: { count, why } } : {}),
  };
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }): Deps => {
    const ledger = connectLedger(LEDGER_BUCKET);
    return {
      ledger,
      locks: openLocks(ledger, systemClock),
      pauses: openPauses(ledger, systemClock),
      copier: openObjectCopier,
      clock: systemClock,
    };
  },
  run,
});
