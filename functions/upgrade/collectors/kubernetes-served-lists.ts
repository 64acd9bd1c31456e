import type * as z from 'zod';
import type { KubernetesReader } from '../../clients/kubernetes-reader.ts';
import { nameResource, type ServedResourceFact } from '../../records/upgrade/api-facts.ts';
import type { Unread } from '../../records/upgrade/facts.ts';
import { attempt } from './attempt.ts';
import { readObject } from './kubernetes-object.ts';

/** A page of small objects of few: pools, claims, classes. */
const MAX_PAGES = 40;

/** Whether a resource is served at all, and what of it could not be read. */
export interface ListedAll {
  readonly served: boolean;
  readonly unread: readonly Unread[];
}

/**
 * Reads every object of a resource that a cluster may have or not, by the version it prefers; what is not served has
 * no objects, and that is no fault.
 */
export const listAll = async <S extends z.ZodType>(
  kubernetes: KubernetesReader,
  group: string,
  resource: string,
  schema: S,
  signal: AbortSignal,
  take: (object: z.output<S>) => void,
): Promise<ListedAll> => {
  const what = nameResource({ group, resource });
  const discovery = await attempt(what, signal, () => kubernetes.discover(signal));
  if (!discovery.ok) return { served: false, unread: [discovery.unread] };
  const served = discovery.value.resources.find((one) => one.group === group && one.resource === resource);
  if (!served) return { served: false, unread: [] };
  return { served: true, unread: await listPages(kubernetes, served, schema, signal, take) };
};

/** Reads all pages of a resource; @returns what of it could not be read. */
export const listPages = async <S extends z.ZodType>(
  kubernetes: KubernetesReader,
  resource: ServedResourceFact,
  schema: S,
  signal: AbortSignal,
  take: (object: z.output<S>) => void,
  narrow: {
    readonly namespace?: string;
    readonly labelSelector?: string;
    readonly fieldSelector?: string;
  } = {},
): Promise<Unread[]> => {
  const what = nameResource(resource);
  const unread: Unread[] = [];
  let next: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const question = { resource, ...narrow, ...(next === undefined ? {} : { next }) };
    const answer = await attempt(what, signal, () => kubernetes.listObjects(question, signal));
    if (!answer.ok) return [...unread, answer.unread];
    for (const object of answer.value.items) {
      const read = readObject(schema, what, object);
      if (read.ok) take(read.value);
      else unread.push(read.unread);
    }
    next = answer.value.next;
    if (next === undefined) return unread;
  }
  return [...unread, { what, reason: `there are more than ${MAX_PAGES} pages of them` }];
};
