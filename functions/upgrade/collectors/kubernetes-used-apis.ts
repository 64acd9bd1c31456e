import type { KubernetesReader, ObjectMetadata } from '../../clients/kubernetes-reader.ts';
import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { UsedApiFact } from '../../records/upgrade/api-facts.ts';
import type { Unread } from '../../records/upgrade/facts.ts';
import { apiVersionOf } from '../deprecations/api-row.ts';
import { readEvidence } from '../deprecations/evidence.ts';
import type { Collector } from '../reading/collection.ts';
import { attempt, unreadTopic } from './attempt.ts';
import { NO_CONNECTION, topicFacts } from './kubernetes-listed.ts';
import { chooseScanLists, findLostGroups, isDeprecatedAt } from './kubernetes-scan-lists.ts';
import { NO_SERVER } from './kubernetes-served.ts';
import { readWalks, type Walk, type WalkLimits, walkLists } from './kubernetes-walk.ts';

/**
 * Objects of ruled kinds that were written by a ruled version. Only metadata travels, some pages a slice: a page of
 * 500 is about 1 MB, so this is what a slice holds at once, and what it reads in a few seconds.
 */
const LIMITS: WalkLimits = { pages: 24, parallel: 4 };

const WHAT = 'objects of deprecated APIs';

export const collectUsedApis: Collector = {
  name: 'used APIs',
  collect: async ({ kubernetes, clock }, { current }, cursor, signal) => {
    if (!kubernetes) return { facts: { usedApis: unreadTopic(WHAT, NO_CONNECTION) } };
    const begun = cursor === undefined ? await begin(kubernetes, current, signal) : goOn(cursor);
    const items: UsedApiFact[] = [];
    const walked = await walkLists(
      begun.walks,
      LIMITS,
      { clock, signal },
      (question) => kubernetes.listMetadata(question, signal),
      (objects, walk) => void items.push(...foldUsedApis(objects, walk, current)),
    );
    return {
      facts: topicFacts('usedApis', items, [...begun.unread, ...walked.unread]),
      ...(walked.cursor === undefined ? {} : { cursor: walked.cursor }),
    };
  },
};

interface Begun {
  readonly walks: readonly Walk[];
  readonly unread: readonly Unread[];
}

const goOn = (cursor: string): Begun => ({ walks: readWalks(cursor), unread: [] });

/** Discovery is asked once; what is left to read travels in the cursor. */
const begin = async (
  kubernetes: KubernetesReader,
  current: KubernetesMinor,
  signal: AbortSignal,
): Promise<Begun> => {
  const discovery = await attempt(WHAT, signal, () => kubernetes.discover(signal));
  if (!discovery.ok) return { walks: [], unread: [discovery.unread] };
  const { resources, failed } = discovery.value;
  return {
    walks: chooseScanLists(resources, current),
    unread: findLostGroups(failed).map((what) => ({ what, reason: NO_SERVER })),
  };
};

/** The objects of a page with evidence of a ruled version; all of them when no other version is served. */
export const foldUsedApis = (
  objects: readonly ObjectMetadata[],
  { resource }: Pick<Walk, 'resource'>,
  current: KubernetesMinor,
): UsedApiFact[] => {
  const { kind } = resource;
  const servedOnly: UsedApiFact['evidence'] = isDeprecatedAt(current, resource)
    ? [{ source: 'served-only', apiVersion: apiVersionOf(resource), confidence: 'high' }]
    : [];
  return objects.flatMap((metadata) => {
    const evidence = [...readEvidence(resource, metadata), ...servedOnly];
    const { namespace, name } = metadata;
    return evidence.length === 0 ? [] : [{ kind, namespace, name, evidence }];
  });
};
