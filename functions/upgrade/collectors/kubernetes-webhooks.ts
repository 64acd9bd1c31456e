import * as z from 'zod';
import type { KubernetesReader } from '../../clients/kubernetes-reader.ts';
import type { Unread } from '../../records/upgrade/facts.ts';
import type { WebhookFact } from '../../records/upgrade/kubernetes-facts.ts';
import type { Collector } from '../reading/collection.ts';
import { unreadTopic } from './attempt.ts';
import { NO_CONNECTION, topicFacts } from './kubernetes-listed.ts';
import { listOf, Metadata, orElse, part, text, whole } from './kubernetes-object.ts';
import { listPages } from './kubernetes-served-lists.ts';
import { type Walk, walkThrough } from './kubernetes-walk.ts';
import { Catching, findCaught, findExceptions } from './kubernetes-webhook-rules.ts';

const Configuration = z.object({
  metadata: Metadata,
  webhooks: listOf(
    Catching.extend({
      name: text,
      // Ignored failures were the default of v1beta1 alone; v1 fails, and waits 10 s.
      failurePolicy: orElse(z.enum(['Fail', 'Ignore']), 'Fail'),
      timeoutSeconds: whole(10),
      clientConfig: part({
        url: text,
        service: z.object({ namespace: text, name: text }).nullish(),
      }),
    }),
  ),
});
type Configuration = z.output<typeof Configuration>;

type LabelsOf = (namespace: string) => Readonly<Record<string, string>>;

/** The facts of the webhooks of one configuration, without what is behind their Services. */
export const foldWebhooks = (
  { metadata, webhooks }: Configuration,
  kind: WebhookFact['kind'],
  labelsOf: LabelsOf = () => ({}),
): WebhookFact[] =>
  webhooks.map((webhook) => {
    const { service, url } = webhook.clientConfig;
    return {
      configuration: metadata.name,
      kind,
      name: webhook.name,
      failurePolicy: webhook.failurePolicy,
      timeoutSeconds: webhook.timeoutSeconds,
      ...(service ? { service: `${service.namespace}/${service.name}` } : {}),
      ...(url === '' ? {} : { url }),
      catches: findCaught(webhook, service?.namespace, labelsOf),
      exceptNamespaces: findExceptions(webhook),
    };
  });

const CONFIGURATIONS = [
  ['validating', 'validatingwebhookconfigurations', 'ValidatingWebhookConfiguration'],
  ['mutating', 'mutatingwebhookconfigurations', 'MutatingWebhookConfiguration'],
] as const;

/** Admission webhooks, what of an upgrade they catch, and how many ready endpoints stand behind each. */
export const collectWebhooks: Collector = {
  name: 'webhooks',
  collect: async ({ kubernetes }, _task, _cursor, signal) => {
    if (!kubernetes) return { facts: { webhooks: unreadTopic('webhooks', NO_CONNECTION) } };
    const found: (readonly [WebhookFact['kind'], Configuration])[] = [];
    const unread: Unread[] = [];
    for (const [kind, resource, name] of CONFIGURATIONS) {
      const walk = walkThrough('admissionregistration.k8s.io/v1', resource, name, { namespaced: false });
      unread.push(...(await read(kubernetes, walk, Configuration, signal, (one) => found.push([kind, one]))));
    }
    const labels = await readLabels(kubernetes, found.length > 0, signal);
    const facts = found.flatMap(([kind, one]) => foldWebhooks(one, kind, labels.of));
    const counted = await countEndpoints(facts, kubernetes, signal);
    return { facts: topicFacts('webhooks', counted.facts, [...unread, ...labels.unread, ...counted.unread]) };
  },
};

const read = <S extends z.ZodType>(
  kubernetes: KubernetesReader,
  { resource, namespace, ...narrow }: Walk,
  schema: S,
  signal: AbortSignal,
  take: (object: z.output<S>) => void,
): Promise<Unread[]> =>
  listPages(kubernetes, { ...resource, listable: true }, schema, signal, take, {
    namespace,
    ...(narrow.labelSelector === undefined ? {} : { labelSelector: narrow.labelSelector }),
  });

const Namespace = z.object({ metadata: Metadata });

/** A selector may ask for any label of a namespace. */
const readLabels = async (
  kubernetes: KubernetesReader,
  isNeeded: boolean,
  signal: AbortSignal,
): Promise<{ of: LabelsOf; unread: Unread[] }> => {
  const known = new Map<string, Readonly<Record<string, string>>>();
  const walk = walkThrough('v1', 'namespaces', 'Namespace', { namespaced: false });
  const unread = isNeeded
    ? await read(kubernetes, walk, Namespace, signal, ({ metadata }) =>
        known.set(metadata.name, metadata.labels),
      )
    : [];
  return { of: (namespace) => known.get(namespace) ?? {}, unread };
};

const Slice = z.object({
  endpoints: listOf(z.object({ conditions: part({ ready: z.boolean().nullish() }) })),
});

/** One list a Service, however many webhooks it answers. */
const countEndpoints = async (
  facts: readonly WebhookFact[],
  kubernetes: KubernetesReader,
  signal: AbortSignal,
): Promise<{ facts: WebhookFact[]; unread: Unread[] }> => {
  const ready = new Map<string, number>();
  const unread: Unread[] = [];
  for (const service of new Set(facts.flatMap((fact) => fact.service ?? []))) {
    const [namespace = '', name = ''] = service.split('/');
    const labelSelector = `kubernetes.io/service-name=${name}`;
    const walk = walkThrough('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', {
      namespace,
      labelSelector,
    });
    let count = 0;
    const failed = await read(kubernetes, walk, Slice, signal, ({ endpoints }) => {
      // No word counts as ready: EndpointConditions of discovery.k8s.io/v1.
      count += endpoints.filter(({ conditions }) => conditions.ready !== false).length;
    });
    if (failed.length > 0) {
      // The others would fail as this one did, each after its own attempts.
      unread.push(...failed);
      break;
    }
    ready.set(service, count);
  }
  const counted = facts.map((fact) => {
    const readyEndpoints = ready.get(fact.service ?? '');
    return readyEndpoints === undefined ? fact : { ...fact, readyEndpoints };
  });
  return { facts: counted, unread };
};
