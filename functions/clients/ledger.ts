import type * as z from 'zod';
import type { Clock } from '../runtime/clock.ts';
import { DefectError, TransientError } from '../runtime/errors.ts';

/** One kind of object in the ledger: a name for messages, and the schema every reader and writer goes through. */
export interface RecordKind<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly schema: Schema;
}

/** A record as it lies in the ledger; `etag` is what a change must name. */
export interface Stored<T> {
  readonly value: T;
  readonly etag: string;
}

export type ClaimResult = { ok: true; etag: string } | { ok: false; reason: 'exists' };
export type ChangeResult = { ok: true; etag: string } | { ok: false; reason: 'changed' | 'deleted' };

/**
 * All state of Drydock: JSON objects under keys that read like a path, made safe by conditional writes.
 * The fake of the tests and the S3 client pass one contract suite.
 */
export interface Ledger {
  /** @throws DefectError `ledger.unreadable` when the object does not fit the schema: reported, never guessed. */
  read<S extends z.ZodType>(kind: RecordKind<S>, key: string): Promise<Stored<z.output<S>> | undefined>;
  /** Writes only where nothing lies (`If-None-Match: *`). */
  claim<S extends z.ZodType>(kind: RecordKind<S>, key: string, value: z.input<S>): Promise<ClaimResult>;
  /** Writes only over the version that was read (`If-Match`). */
  change<S extends z.ZodType>(
    kind: RecordKind<S>,
    key: string,
    etag: string,
    value: z.input<S>,
  ): Promise<ChangeResult>;
  /** Deletes a pointer that has served; history is never deleted, and no role may. */
  remove(key: string): Promise<void>;
  /** Keys under a prefix in byte order, after `after`, at most `limit`. Never in a hot path. */
  list(prefix: string, range?: { after?: string; limit?: number }): AsyncIterable<string>;
}

/** How often a change is decided again when others were faster; 20 writers on one key need fewer. */
const MAX_ATTEMPTS = 40;
/** Milliseconds between two attempts at most; the actual pause is drawn at random, so that writers part. */
const MAX_PAUSE_MS = 200;

/**
 * Reads, decides and writes until nobody was faster in between.
 *
 * @param decide gets what lies there now and returns what shall lie there, or `undefined` to leave it. It may
 * run several times, so it must decide from its argument alone.
 * @returns what lies there afterwards, `undefined` when nothing did and nothing was written.
 * @throws TransientError `ledger.contended` when others were faster each time.
 */
export const updateRecord = async <S extends z.ZodType>(
  ledger: Ledger,
  kind: RecordKind<S>,
  key: string,
  decide: (current: z.output<S> | undefined) => z.output<S> | undefined,
  clock: Clock,
): Promise<z.output<S> | undefined> => {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const stored = await ledger.read(kind, key);
    const next = decide(stored?.value);
    if (next === undefined) return stored?.value;
    const written = stored
      ? await ledger.change(kind, key, stored.etag, next as z.input<S>)
      : await ledger.claim(kind, key, next as z.input<S>);
    if (written.ok) return next;
    await clock.sleep(Math.random() * Math.min(MAX_PAUSE_MS, 10 * attempt));
  }
  throw new TransientError(
    'ledger.contended',
    `Others changed the ${kind.name} ${key} each of ${MAX_ATTEMPTS} times; trying again later.`,
  );
};

/**
 * Writes a record where none lies: of two Lambdas at the same step the first one's counts.
 *
 * @returns the one that lies there afterwards.
 * @throws TransientError `ledger.contended` when others were faster each time.
 */
export const keepFirst = async <S extends z.ZodType>(
  ledger: Ledger,
  kind: RecordKind<S>,
  key: string,
  record: z.output<S>,
  clock: Clock,
): Promise<z.output<S>> =>
  (await updateRecord(ledger, kind, key, (current) => (current === undefined ? record : undefined), clock)) ??
  record;

/**
 * Adds an entry that is never changed; a second time is no error, so that a step may run twice.
 */
export const appendRecord = async <S extends z.ZodType>(
  ledger: Pick<Ledger, 'claim'>,
  kind: RecordKind<S>,
  key: string,
  value: z.input<S>,
): Promise<void> => {
  await ledger.claim(kind, key, value);
};

/** Parses what lies in the ledger, or says which object is not understood. */
export const parseRecord = <S extends z.ZodType>(
  kind: RecordKind<S>,
  key: string,
  text: string,
): z.output<S> => {
  const parsed = kind.schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new DefectError(
    'ledger.unreadable',
    `The ${kind.name} at ${key} is not of a version this release reads. Look at it in the ledger bucket; an ` +
      'earlier version of the object is kept.',
    { cause: parsed.error },
  );
};

/** Writes a record the way every reader will parse it; a value that does not fit is our bug, found here. */
export const formatRecord = <S extends z.ZodType>(
  kind: RecordKind<S>,
  key: string,
  value: z.input<S>,
): string => {
  const parsed = kind.schema.safeParse(value);
  if (parsed.success) return `${JSON.stringify(parsed.data, null, 2)}\n`;
  throw new DefectError('ledger.unwritable', `A ${kind.name} for ${key} does not fit its own schema.`, {
    cause: parsed.error,
  });
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
