import { mapBounded } from '../../../clients/bounded.ts';
import type { ObjectCopier } from '../../../clients/object-copy.ts';
import type { ObjectVersions, VersionMarker } from '../../../clients/object-versions.ts';
import type { NativeRestore } from '../../../records/backup/native-restore.ts';
import type { RestoreRun } from '../../../records/backup/restore.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import type { CurrentStep } from '../run-steps.ts';
import { changeKey, groupPage, type KeySeen, takeKey } from './key-history.ts';
import type { RestoreVersionsFact } from './native-facts.ts';

/** Objects go back to what they were at a moment, page by page, as far as the time of one call goes. */

interface VersionTools {
  readonly versions: ObjectVersions;
  readonly copier: Pick<ObjectCopier, 'copy'>;
  readonly isOurs: () => Promise<boolean>;
  /** Is the time of this call over? */
  readonly isOver: () => boolean;
  readonly keep: (fact: RestoreVersionsFact) => Promise<RestoreVersionsFact>;
}

/** Objects that S3 copies at the same time. */
const WIDTH = 32;

/**
 * The moment that a bucket goes back to: that of the set, or the end of all writing, which is what was there before this
 * restore. From then until the first of its own changes nobody wrote.
 *
 * @returns milliseconds; undefined when the place was never closed, so that nothing was changed either.
 */
const momentOf = (
  { steps }: Pick<RestoreRun, 'steps'>,
  { step, back }: Pick<CurrentStep, 'step' | 'back'>,
  { at, into }: NativeRestore['buckets'][number],
): number | undefined => {
  if (step === 'restore-objects' && !back) return Date.parse(at);
  // What was copied into another place stays there.
  if (into !== undefined) return undefined;
  const closed = steps.find((one) => one.way === 'restore' && one.step === 'quiesce')?.endedAt;
  return closed === undefined ? undefined : Date.parse(closed);
};

interface Task {
  readonly run: RestoreRun;
  readonly current: CurrentStep;
  readonly native: NativeRestore;
  readonly fact: RestoreVersionsFact;
}

/**
 * Takes all buckets back, from where the fact says. Where it came to is kept after each page, so that a repeat looks at one
 * page again, and finds it done. What can not be set back is counted, and hides nothing else.
 *
 * @returns how far it came; undefined when the place is another execution's by now.
 * @throws TransientError while S3 or the ledger do not answer.
 */
export const workOnVersions = async (
  { run, current, native, fact: before }: Task,
  tools: VersionTools,
  signal: AbortSignal,
): Promise<RestoreVersionsFact | undefined> => {
  let fact = before;
  for (let bucket = native.buckets[fact.bucket]; bucket; bucket = native.buckets[fact.bucket]) {
    const moment = momentOf(run, current, bucket);
    const done = moment === undefined ? fact : await workOnBucket(bucket, moment, fact, tools, signal);
    if (done === undefined || 'unfinished' in done) return done?.unfinished;
    const { after: _, ...rest } = done;
    fact = await tools.keep({ ...rest, bucket: done.bucket + 1 });
  }
  return tools.keep({ ...fact, isDone: true });
};

type Buckets = Pick<NativeRestore['buckets'][number], 'bucket' | 'into'>;

const workOnBucket = async (
  buckets: Buckets,
  moment: number,
  before: RestoreVersionsFact,
  tools: VersionTools,
  signal: AbortSignal,
): Promise<RestoreVersionsFact | { readonly unfinished: RestoreVersionsFact } | undefined> => {
  const { bucket } = buckets;
  let fact = before;
  let open: KeySeen | undefined;
  let marker: VersionMarker | undefined = fact.after === undefined ? undefined : { key: fact.after };
  for (;;) {
    if (tools.isOver()) return { unfinished: fact };
    if (!(await tools.isOurs())) return undefined;
    const page = await tools.versions.list(bucket, marker, signal).catch((error: unknown) => {
      if (error instanceof RefusedError) return error;
      throw error;
    });
    if (page instanceof RefusedError) return addFailures(fact, [page.message]);
    const grouped = groupPage(open, page.versions, moment, page.next === undefined);
    const { fact: changed, isWhole } = await changeKeys(buckets, grouped.whole, fact, tools, signal);
    fact = await tools.keep(changed);
    if (!isWhole) return { unfinished: fact };
    if (page.next === undefined) return fact;
    open = grouped.open;
    marker = page.next;
  }
};

const changeKeys = async (
  { bucket, into }: Buckets,
  keys: readonly KeySeen[],
  before: RestoreVersionsFact,
  { versions, copier, isOver }: VersionTools,
  signal: AbortSignal,
): Promise<{ readonly fact: RestoreVersionsFact; readonly isWhole: boolean }> => {
  const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  let fact = before;
  for (let index = 0; index < sorted.length; index += WIDTH) {
    // One page may hold objects of some gigabytes each.
    if (index > 0 && isOver()) return { fact, isWhole: false };
    const some = sorted.slice(index, index + WIDTH);
    const failures: string[] = [];
    let copied = 0;
    let marked = 0;
    await mapBounded(some, WIDTH, async (seen) => {
      const change = into === undefined ? changeKey(seen) : takeKey(seen);
      try {
        if (change.deed === 'mark') {
          await versions.mark(bucket, seen.key, signal);
          marked += 1;
        }
        if (change.deed === 'copy') {
          const { versionId, object } = change.version;
          const from = { bucket, key: seen.key, versionId, size: object.size };
          await copier.copy(from, { bucket: into ?? bucket, key: seen.key }, signal);
          copied += 1;
        }
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        failures.push(error.message);
      }
    });
    const after = some.at(-1)?.key;
    fact = addFailures(
      {
        ...fact,
        ...(after === undefined ? {} : { after }),
        keys: fact.keys + some.length,
        copied: fact.copied + copied,
        marked: fact.marked + marked,
      },
      failures,
    );
  }
  return { fact, isWhole: true };
};

const addFailures = (fact: RestoreVersionsFact, failures: readonly string[]): RestoreVersionsFact => {
  const count = (fact.failed?.count ?? 0) + failures.length;
  const why = fact.failed?.why ?? failures[0];
  return why === undefined ? fact : { ...fact, failed: { count, why } };
};
