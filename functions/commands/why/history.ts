import pMap from 'p-map';
import type * as z from 'zod';
import type { Ledger, RecordKind } from '../../clients/ledger.ts';
import {
  imageEntryKind,
  imageHistoryPrefix,
  targetEntryKind,
  targetHistoryPrefix,
} from '../../records/decision.ts';
import { type Pause, pauseKey, pauseKind } from '../../records/pause.ts';
import { type TargetState, targetStateKey, targetStateKind } from '../../records/target-state.ts';
import { judgePauses, scopesOf } from '../../rules/pausing.ts';
import { DefectError } from '../../runtime/errors.ts';
import type { Subject } from './subject.ts';

type Reader = Pick<Ledger, 'read' | 'list'>;

/** One line of the answer. */
export interface Line {
  readonly at: string;
  /** The target that decided; undefined for what the registry said of an event. */
  readonly target: string | undefined;
  readonly outcome: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  readonly reason: string;
  readonly execution: string;
}

/** What a target is now, beside its history. */
export interface TargetNow {
  readonly state: TargetState;
  /** The widest pause in force. */
  readonly pause: Pause | undefined;
}

/** Entries read of one history at most: the newest. A screen shows fewer, and each is a request to S3. */
export const MAX_ENTRIES = 200;
/** Objects read at the same time. */
const CONCURRENCY = 16;

/** Reads what was decided about a subject since a time, newest first. */
export const readHistory = async (subject: Subject, ledger: Reader, since: Date): Promise<Line[]> => {
  const { targets, image } = histories(subject);
  const lines = await Promise.all([
    ...targets.map((target) => readLines(ledger, targetEntryKind, targetHistoryPrefix(target), since)),
    ...(image === undefined ? [] : [readLines(ledger, imageEntryKind, imageHistoryPrefix(image), since)]),
  ]);
  return lines
    .flat()
    .filter((line) => concerns(subject, line))
    .toSorted((a, b) => b.at.localeCompare(a.at));
};

/** A target's answer needs the image's events too: one that never reached it says why nothing was decided. */
const histories = (subject: Subject): { targets: readonly string[]; image: string | undefined } =>
  subject.kind === 'target'
    ? { targets: [subject.name], image: subject.target?.image }
    : { targets: subject.targets.map(({ name }) => name), image: subject.name };

const concerns = (subject: Subject, { target, outcome, tag, digest }: Line): boolean => {
  // That an event was true is no news beside what the target made of it.
  if (subject.kind === 'target') return target !== undefined || outcome !== 'confirmed';
  const { reference } = subject;
  const isTag = reference.tag === undefined || tag === undefined || tag === reference.tag;
  return isTag && (reference.digest === undefined || digest === undefined || digest === reference.digest);
};

const readLines = async (
  ledger: Reader,
  kind: RecordKind<typeof targetEntryKind.schema | typeof imageEntryKind.schema>,
  prefix: string,
  since: Date,
): Promise<Line[]> => {
  // Keys begin with the time, so what is older is not even listed.
  const keys = await Array.fromAsync(ledger.list(prefix, { after: `${prefix}${since.toISOString()}` }));
  return pMap(
    keys.slice(-MAX_ENTRIES),
    async (key) => {
      const entry = await readOrExplain(ledger, kind, key);
      if ('unreadable' in entry) return unreadableLine(key.slice(prefix.length), entry.unreadable);
      const { at, outcome, tag, digest, reason, execution } = entry.value;
      const target = 'target' in entry.value ? entry.value.target : undefined;
      return { at, target, outcome, tag, digest, reason, execution: execution.arn };
    },
    { concurrency: CONCURRENCY },
  );
};

/** One entry of a later release hides no other. */
const readOrExplain = async <S extends z.ZodType>(
  ledger: Reader,
  kind: RecordKind<S>,
  key: string,
): Promise<{ value: z.output<S> } | { unreadable: string }> => {
  try {
    const stored = await ledger.read(kind, key);
    return stored ?? { unreadable: `${key} has expired meanwhile` };
  } catch (error) {
    if (!(error instanceof DefectError)) throw error;
    return { unreadable: error.message };
  }
};

const unreadableLine = (name: string, reason: string): Line => ({
  at: name.slice(0, 24),
  target: undefined,
  outcome: 'unreadable',
  tag: undefined,
  digest: undefined,
  reason,
  execution: '',
});

/** Reads what a target is now; undefined when the ledger knows nothing of it. */
export const readTarget = async (
  name: string,
  environment: string | undefined,
  ledger: Reader,
  now: Date,
): Promise<TargetNow | undefined> => {
  const write = { capability: 'deployment', environment: environment ?? '', target: name };
  const [stored, ...pauses] = await Promise.all([
    ledger.read(targetStateKind, targetStateKey(name)),
    ...scopesOf(write).map((scope) => ledger.read(pauseKind, pauseKey(scope))),
  ]);
  const verdict = judgePauses(
    pauses.flatMap((one) => (one ? [one.value] : [])),
    now,
  );
  return stored && { state: stored.value, pause: verdict.ok ? undefined : verdict.pause };
};
