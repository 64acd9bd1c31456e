import type * as z from 'zod';
import type { KubernetesReader } from '../../clients/kubernetes-reader.ts';
import { nameResource } from '../../records/upgrade/api-facts.ts';
import type { ClusterFacts, FactName, FactOf, Unread } from '../../records/upgrade/facts.ts';
import type { Collector } from '../reading/collection.ts';
import { unreadTopic } from './attempt.ts';
import { readObject } from './kubernetes-object.ts';
import { readWalks, type Walk, type WalkLimits, walkLists } from './kubernetes-walk.ts';

/** Whole objects weigh kilobytes each, so fewer are read at once than of metadata. */
const LIMITS: WalkLimits = { pages: 8, parallel: 2 };

/** A topic that lists of whole objects are folded into. */
export interface ListedTopic<Name extends FactName, S extends z.ZodType> {
  readonly name: string;
  readonly topic: Name;
  readonly walks: readonly Walk[];
  /** What is read of an object. */
  readonly schema: S;
  /** The fact of an object; undefined when it is none of this topic. */
  readonly fold: (object: z.output<S>, walk: Walk) => FactOf<Name> | undefined;
  /** What the facts of a page need beside their own objects. */
  readonly complete?: (
    facts: FactOf<Name>[],
    kubernetes: KubernetesReader,
    signal: AbortSignal,
  ) => Promise<{ readonly facts: FactOf<Name>[]; readonly unread: readonly Unread[] }>;
}

/** The reason that a topic of the cluster's inside gives when no connection to it is there. */
export const NO_CONNECTION = 'there is no connection to the Kubernetes API';

/** One topic of `ClusterFacts`. */
export const topicFacts = <Name extends FactName>(
  name: Name,
  items: readonly FactOf<Name>[],
  unread: readonly Unread[],
): ClusterFacts => ({ [name]: { items, unread } });

/** Makes a collector of a topic that is folded from lists, page by page. */
export const collectListed = <Name extends FactName, S extends z.ZodType>({
  name,
  topic,
  walks,
  schema,
  fold,
  complete = async (facts) => ({ facts, unread: [] }),
}: ListedTopic<Name, S>): Collector => ({
  name,
  collect: async ({ kubernetes, clock }, _, cursor, signal) => {
    if (!kubernetes) return { facts: { [topic]: unreadTopic(name, NO_CONNECTION) } };
    const items: FactOf<Name>[] = [];
    const unread: Unread[] = [];
    const take = (objects: readonly unknown[], walk: Walk): void => {
      for (const object of objects) {
        const read = readObject(schema, nameResource(walk.resource), object);
        if (!read.ok) {
          unread.push(read.unread);
          continue;
        }
        const fact = fold(read.value, walk);
        if (fact !== undefined) items.push(fact);
      }
    };
    const from = cursor === undefined ? walks : readWalks(cursor);
    const walked = await walkLists(
      from,
      LIMITS,
      { clock, signal },
      (question) => kubernetes.listObjects(question, signal),
      take,
    );
    const completed = await complete(items, kubernetes, signal);
    return {
      facts: topicFacts(topic, completed.facts, [...walked.unread, ...unread, ...completed.unread]),
      ...(walked.cursor === undefined ? {} : { cursor: walked.cursor }),
    };
  },
});
