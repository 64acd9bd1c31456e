import { parse } from 'yaml';
import * as z from 'zod';
import type { KubernetesReader } from '../../clients/kubernetes-reader.ts';
import { readMinor } from '../../records/kubernetes-version.ts';
import type { Unread } from '../../records/upgrade/facts.ts';
import type { KubeProxyFact } from '../../records/upgrade/kubernetes-facts.ts';
import type { Collector } from '../reading/collection.ts';
import { unreadTopic } from './attempt.ts';
import { NO_CONNECTION, topicFacts } from './kubernetes-listed.ts';
import { listOf, Metadata, part, text, textMap, texts } from './kubernetes-object.ts';
import { listPages } from './kubernetes-served-lists.ts';
import { walkThrough } from './kubernetes-walk.ts';

const NAMESPACE = 'kube-system';
const DAEMON_SET = 'kube-proxy';
/** Where the EKS add-on keeps the configuration of kube-proxy: key `config`. */
const CONFIG_MAP = 'kube-proxy-config';
/** What kube-proxy runs with on Linux when nothing is said: KubeProxyConfiguration, field `mode`. */
const DEFAULT_MODE = 'iptables';

const DaemonSet = z.object({
  metadata: Metadata,
  spec: part({
    template: part({
      spec: part({ containers: listOf(z.object({ image: text, command: texts, args: texts })) }),
    }),
  }),
});
const ConfigMap = z.object({ metadata: Metadata, data: textMap });

/** The fact of kube-proxy. The configuration counts before the flag; the flag is what a cluster without one uses. */
export const foldKubeProxy = (
  daemonSet: z.output<typeof DaemonSet>,
  configuration: string | undefined,
): KubeProxyFact => {
  const [container] = daemonSet.spec.template.spec.containers;
  const image = container?.image ?? '';
  const version = readMinor(tagOf(image));
  const flag = [...(container?.command ?? []), ...(container?.args ?? [])]
    .find((word) => word.startsWith('--proxy-mode='))
    ?.slice('--proxy-mode='.length);
  return {
    image,
    ...(version === undefined ? {} : { version }),
    mode: (configuration && readMode(configuration)) || flag || DEFAULT_MODE,
  };
};

/** A tag has no slash, which the port of a registry always has behind it. */
const tagOf = (image: string): string => /:([^/:@]+)(?:@.*)?$/.exec(image)?.[1] ?? '';

const Configuration = z.object({ mode: z.string().nullish() });
/** Empty when it says nothing; undefined when nobody can read it, so that the default would be a guess. */
const readMode = (configuration: string): string | undefined => {
  try {
    const parsed = Configuration.safeParse(parse(configuration));
    return parsed.success ? (parsed.data.mode ?? '') : undefined;
  } catch {
    return undefined;
  }
};

/** kube-proxy's image and mode; no item where there is none, as on Auto Mode, where each node has it built in. */
export const collectKubeProxy: Collector = {
  name: 'kube-proxy',
  collect: async ({ kubernetes }, _task, _cursor, signal) => {
    if (!kubernetes) return { facts: { kubeProxy: unreadTopic('kube-proxy', NO_CONNECTION) } };
    const { found, unread } = await readParts(kubernetes, signal);
    const facts = found.daemonSets.map((one) => foldKubeProxy(one, found.configuration));
    return { facts: topicFacts('kubeProxy', facts, unread) };
  },
};

const readParts = async (kubernetes: KubernetesReader, signal: AbortSignal) => {
  const found: { daemonSets: z.output<typeof DaemonSet>[]; configuration?: string } = { daemonSets: [] };
  const one = (name: string) => ({ namespace: NAMESPACE, fieldSelector: `metadata.name=${name}` });
  const unread: Unread[] = await listPages(
    kubernetes,
    { ...walkThrough('apps/v1', 'daemonsets', 'DaemonSet').resource, listable: true },
    DaemonSet,
    signal,
    (daemonSet) => found.daemonSets.push(daemonSet),
    one(DAEMON_SET),
  );
  // Without a DaemonSet a configuration that was left behind says nothing.
  if (found.daemonSets.length === 0) return { found, unread };
  const more = await listPages(
    kubernetes,
    { ...walkThrough('v1', 'configmaps', 'ConfigMap').resource, listable: true },
    ConfigMap,
    signal,
    ({ data }) => {
      const { config } = data;
      if (config !== undefined) found.configuration = config;
    },
    one(CONFIG_MAP),
  );
  const { configuration } = found;
  const isUnclear = configuration !== undefined && readMode(configuration) === undefined;
  const unclear = {
    what: `ConfigMap ${NAMESPACE}/${CONFIG_MAP}`,
    reason: 'it is no configuration of kube-proxy',
  };
  return { found, unread: [...unread, ...more, ...(isUnclear ? [unclear] : [])] };
};
