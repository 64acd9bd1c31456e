import type {
  KubernetesReader,
  ListQuestion,
  ObjectMetadata,
  Page,
} from '../../functions/clients/kubernetes-reader.ts';
import {
  nameResource,
  type RequestedApiFact,
  type ServedResourceFact,
} from '../../functions/records/upgrade/api-facts.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';

/** What a fake cluster holds and refuses. */
export interface FakeHoldings {
  /** Whole objects by resource, `deployments.apps`; a selector of their labels and names is obeyed. */
  readonly objects?: Readonly<Record<string, readonly unknown[]>>;
  readonly served?: readonly ServedResourceFact[];
  readonly failed?: readonly string[];
  readonly requested?: readonly RequestedApiFact[];
  /** Resources that may not be listed, and paths that may not be read: `/metrics`, `/apis`. */
  readonly forbidden?: readonly string[];
  /** Objects a page, whatever limit is asked for. */
  readonly pageSize?: number;
  /** Says whether a page's token has expired, so that the list begins anew. */
  readonly expires?: (question: ListQuestion) => boolean;
}

export interface FakeKubernetesReader extends KubernetesReader {
  /** Every list that was asked for, in order. */
  readonly questions: readonly ListQuestion[];
}

/** A cluster in memory that pages as an API server does. */
export const fakeKubernetesReader = (holdings: FakeHoldings): FakeKubernetesReader => {
  const { objects = {}, served = [], failed = [], requested = [], forbidden = [], pageSize = 500 } = holdings;
  const questions: ListQuestion[] = [];
  const guard = (what: string, verb: string): void => {
    if (!forbidden.includes(what)) return;
    const permission = `${verb} ${what}`;
    throw new RefusedError('kubernetes.forbidden', `Could not ${permission}: forbidden.`, { permission });
  };
  const list = async (question: ListQuestion): Promise<Page<unknown>> => {
    questions.push(question);
    const name = nameResource(question.resource);
    guard(name, 'list');
    const all = (objects[name] ?? []).filter((object) => isSelected(object, question));
    const isRestarted = question.next !== undefined && (holdings.expires?.(question) ?? false);
    const from = isRestarted ? 0 : Number(question.next ?? 0);
    const to = from + Math.min(pageSize, question.limit ?? 500);
    return {
      items: all.slice(from, to),
      ...(to < all.length ? { next: String(to) } : {}),
      ...(isRestarted ? { restarted: true } : {}),
    };
  };
  return {
    questions,
    readVersion: async () => 'v1.36.3-eks-1a2b3c',
    discover: async () => {
      guard('/apis', 'get');
      return { resources: served, failed };
    },
    listObjects: list,
    listMetadata: async (question) => {
      const page = await list(question);
      return { ...page, items: page.items.map((object) => metadataOf(object)) };
    },
    readRequestedApis: async () => {
      guard('/metrics', 'get');
      return requested;
    },
  };
};

const metadataOf = (object: unknown): ObjectMetadata => {
  const { metadata } = object as { metadata?: Partial<ObjectMetadata> };
  return { namespace: '', name: '', labels: {}, annotations: {}, managedFields: [], ...metadata };
};

const isSelected = (object: unknown, question: ListQuestion): boolean => {
  const { namespace = '', labelSelector = '', fieldSelector = '' } = question;
  if (labelSelector === '' && namespace === '' && !fieldSelector.startsWith('metadata.name=')) return true;
  const { labels, name, namespace: own } = metadataOf(object);
  const wanted = labelSelector.split(',').filter(Boolean);
  return (
    (namespace === '' || own === namespace) &&
    (!fieldSelector.startsWith('metadata.name=') || name === fieldSelector.slice('metadata.name='.length)) &&
    wanted.every((pair) => labels[pair.split('=')[0] ?? ''] === pair.split('=')[1])
  );
};
