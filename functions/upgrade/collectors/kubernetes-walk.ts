import * as z from 'zod';
import type { ListQuestion, Page } from '../../clients/kubernetes-reader.ts';
import { nameResource } from '../../records/upgrade/api-facts.ts';
import type { Unread } from '../../records/upgrade/facts.ts';
import type { Clock } from '../../runtime/clock.ts';
import { DefectError } from '../../runtime/errors.ts';
import { attempt } from './attempt.ts';

/**
 * Walks through lists of the Kubernetes API, some pages a slice. The cursor holds every list that is left, with its
 * continue token: it needs nothing but itself to go on, whatever the API server serves by then.
 */

/** One list and how far it was read. */
export const Walk = z.object({
  resource: z.object({
    group: z.string(),
    version: z.string(),
    resource: z.string(),
    kind: z.string(),
    namespaced: z.boolean(),
  }),
  /** Empty: all namespaces. */
  namespace: z.string().default(''),
  labelSelector: z.string().optional(),
  fieldSelector: z.string().optional(),
  limit: z.int().positive().optional(),
  next: z.string().optional(),
  /** How often it had to begin anew. */
  restarts: z.int().nonnegative().default(0),
});
export type Walk = z.output<typeof Walk>;

/** What bounds a slice. */
export interface WalkLimits {
  /** Pages a slice; the lists that are then under way go on in the next one. */
  readonly pages: number;
  /** Lists read at once; so many pages are in memory at most. */
  readonly parallel: number;
}

/**
 * No page is begun later than this into a slice, milliseconds: a call that fails takes 30 s with all its attempts,
 * and a Lambda counts on a minute for a slice.
 */
const LAST_START_MS = 20_000;

/** A list that expires again and again is read no more often than this. */
const MAX_RESTARTS = 3;

export interface Walked {
  /** Where the next slice begins; undefined when nothing is left. */
  readonly cursor?: string;
  readonly unread: Unread[];
}

/** Takes the objects of a page; may say how many the next page of this list shall have, now that their size is seen. */
export type Take<T> = (items: readonly T[], walk: Walk) => number | void;

/** The lists that a cursor holds. @throws DefectError `collection.cursor`: cursors are ours alone. */
export const readWalks = (cursor: string): Walk[] => {
  const parsed = z.array(Walk).safeParse(parseJson(cursor));
  if (parsed.success) return parsed.data;
  throw new DefectError('collection.cursor', `A collection cannot go on from ${cursor.slice(0, 200)}.`);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Reads pages until the slice is full. Each page goes to `take` and is let go of. A list that is refused or does not
 * answer is left with an `unread`, and the others go on.
 */
export const walkLists = async <T>(
  walks: readonly Walk[],
  limits: WalkLimits,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  list: (question: ListQuestion, signal: AbortSignal) => Promise<Page<T>>,
  take: Take<T>,
): Promise<Walked> => {
  const waiting = [...walks];
  const left: Walk[] = [];
  const unread: Unread[] = [];
  const end = clock.now().getTime() + LAST_START_MS;
  let pages = limits.pages;
  const hasRoom = (): boolean => pages > 0 && clock.now().getTime() < end;
  const follow = async (): Promise<void> => {
    while (hasRoom()) {
      let walk = waiting.shift();
      if (!walk) return;
      while (walk && hasRoom()) {
        pages -= 1;
        walk = await readPage(walk, unread, signal, list, take);
      }
      if (walk) left.push(walk);
    }
  };
  await Promise.all(Array.from({ length: limits.parallel }, follow));
  // What is under way first: its token does not live long.
  const rest = [...left, ...waiting];
  return { unread, ...(rest.length === 0 ? {} : { cursor: JSON.stringify(rest) }) };
};

/** Reads one page; the walk as it goes on behind it, or undefined at its end. */
const readPage = async <T>(
  walk: Walk,
  unread: Unread[],
  signal: AbortSignal,
  list: (question: ListQuestion, signal: AbortSignal) => Promise<Page<T>>,
  take: Take<T>,
): Promise<Walk | undefined> => {
  const what = nameWalk(walk);
  const page = await attempt(what, signal, () => list(toQuestion(walk), signal));
  if (!page.ok) {
    unread.push(page.unread);
    return undefined;
  }
  const { items, next, restarted } = page.value;
  const restarts = walk.restarts + (restarted ? 1 : 0);
  if (restarts > MAX_RESTARTS) {
    unread.push({ what, reason: 'the list changes faster than it can be read; it began anew several times' });
    return undefined;
  }
  const limit = take(items, walk) ?? walk.limit;
  return next === undefined
    ? undefined
    : { ...walk, next, restarts, ...(limit === undefined ? {} : { limit }) };
};

const nameWalk = ({ resource, namespace }: Walk): string =>
  `${nameResource(resource)}${namespace === '' ? '' : ` in ${namespace}`}`;

const toQuestion = ({
  resource,
  namespace,
  labelSelector,
  fieldSelector,
  limit,
  next,
}: Walk): ListQuestion => ({
  resource,
  namespace,
  ...(labelSelector === undefined ? {} : { labelSelector }),
  ...(fieldSelector === undefined ? {} : { fieldSelector }),
  ...(limit === undefined ? {} : { limit }),
  ...(next === undefined ? {} : { next }),
});

/** A walk through one of Kubernetes' own resources, from its beginning. */
export const walkThrough = (
  apiVersion: string,
  resource: string,
  kind: string,
  options: Partial<Omit<Walk, 'resource'>> & { readonly namespaced?: boolean } = {},
): Walk => {
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  const { namespaced = true, ...rest } = options;
  return { resource: { group, version, resource, kind, namespaced }, namespace: '', restarts: 0, ...rest };
};
