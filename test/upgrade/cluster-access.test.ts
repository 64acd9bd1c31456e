import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { KubernetesReader, ListQuestion } from '../../functions/clients/kubernetes-reader.ts';
import { UPGRADE_GROUP } from '../../functions/records/cluster-group.ts';
import type { ServedResourceFact } from '../../functions/records/upgrade/api-facts.ts';
import { buildUpgradeAccessManifest } from '../../functions/upgrade/access-manifest.ts';
import { KUBE_PROXY, listRights, listUpgradeAccess } from '../../functions/upgrade/cluster-access.ts';
import { COLLECTORS } from '../../functions/upgrade/collectors/registry.ts';
import { listRuledResources } from '../../functions/upgrade/deprecations/table.ts';
import type { CollectionTask } from '../../functions/upgrade/reading/collection.ts';
import { createFixedClock } from '../support/fixed-clock.ts';

const Binding = z.object({ kind: z.string(), metadata: z.object({ name: z.string() }) });
const Role = Binding.extend({
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  rules: z.array(
    z.object({
      apiGroups: z.array(z.string()).default([]),
      resources: z.array(z.string()).default([]),
      resourceNames: z.array(z.string()).optional(),
      nonResourceURLs: z.array(z.string()).optional(),
      verbs: z.array(z.string()),
    }),
  ),
});

const rolesOf = (helmNamespaces: 'all' | string[]) =>
  buildUpgradeAccessManifest({ helmNamespaces }).flatMap((object) => Role.safeParse(object).data ?? []);

/** Is a list of this allowed by what ships? */
const allows = (roles: ReturnType<typeof rolesOf>, { resource, namespace, fieldSelector }: ListQuestion) =>
  roles.some(
    ({ kind, metadata, rules }) =>
      (kind === 'ClusterRole' || metadata.namespace === namespace) &&
      rules.some(
        ({ apiGroups, resources, resourceNames, verbs }) =>
          verbs.includes('list') &&
          apiGroups.includes(resource.group) &&
          resources.includes(resource.resource) &&
          (resourceNames === undefined ||
            resourceNames.some((name) => fieldSelector === `metadata.name=${name}`)),
      ),
  );

/** An API server that serves all that is ruled, and notes what it is asked for. */
const recordQuestions = async (helmNamespaces: CollectionTask['settings']['helmNamespaces']) => {
  const served: ServedResourceFact[] = [
    ...listRuledResources(),
    { group: 'karpenter.sh', kind: 'NodePool', resource: 'nodepools' },
    { group: 'karpenter.sh', kind: 'NodeClaim', resource: 'nodeclaims' },
    { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', resource: 'ec2nodeclasses' },
    { group: 'eks.amazonaws.com', kind: 'NodeClass', resource: 'nodeclasses' },
    { group: 'crd.k8s.amazonaws.com', kind: 'ENIConfig', resource: 'eniconfigs' },
  ].map((one) => ({ ...one, version: 'v1', namespaced: true, listable: true }));
  const asked: ListQuestion[] = [];
  const list = async (question: ListQuestion) => {
    asked.push(question);
    return { items: SAMPLES[question.resource.resource] ?? [] };
  };
  const kubernetes: KubernetesReader = {
    readVersion: async () => 'v1.35.0',
    discover: async () => ({ resources: served, failed: [] }),
    listMetadata: async (question) => ({ ...(await list(question)), items: [] }),
    listObjects: list,
    readRequestedApis: async () => [],
  };
  const task = { cluster: 'blue', current: '1.35', target: '1.36', settings: { helmNamespaces } };
  for (const collector of COLLECTORS) {
    let cursor: string | undefined;
    do {
      const sources = { kubernetes, clock: createFixedClock() };
      const slice = await collector.collect(sources, task, cursor, new AbortController().signal);
      cursor = slice.cursor;
    } while (cursor !== undefined);
  }
  return asked;
};

/** What makes collectors ask on: a webhook with a Service behind it, a pool, a kube-proxy. */
const SAMPLES: Readonly<Record<string, unknown[]>> = {
  daemonsets: [{ metadata: { namespace: 'kube-system', name: 'kube-proxy' }, spec: {} }],
  nodepools: [{ metadata: { name: 'default' }, spec: {} }],
  nodes: [{ metadata: { name: 'node-1' }, status: {} }],
  validatingwebhookconfigurations: [
    {
      metadata: { name: 'policy' },
      webhooks: [
        {
          name: 'policy.example.com',
          clientConfig: { service: { namespace: 'policy', name: 'webhook' } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        },
      ],
    },
  ],
};

describe('what ships to a cluster', () => {
  it.each<['all' | string[]]>([[[]], [['shop']], ['all']])(
    'with Helm releases of %j, every list that a collector asks for is allowed',
    async (helmNamespaces) => {
      const roles = rolesOf(helmNamespaces);
      const asked = await recordQuestions(helmNamespaces);
      const names = asked.map(({ resource }) => resource.resource);
      expect(names).toEqual(
        expect.arrayContaining(['nodes', 'endpointslices', 'ec2nodeclasses', 'eniconfigs', 'pods']),
      );
      expect(asked.filter((question) => !allows(roles, question))).toEqual([]);
    },
  );

  it('holds no verb but list, and get of the metrics and of one ConfigMap', () => {
    const rules = rolesOf('all').flatMap((role) => role.rules);
    expect(rules.filter(({ verbs }) => verbs.join() !== 'list')).toEqual([
      { apiGroups: [], resources: [], nonResourceURLs: ['/metrics'], verbs: ['get'] },
      {
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: [...KUBE_PROXY.configMaps],
        verbs: ['get', 'list'],
      },
    ]);
  });

  it.each<[string, 'all' | string[], (string | undefined)[]]>([
    ['none by default', [], []],
    ['those of the namespaces that are named', ['shop', 'web'], ['shop', 'web']],
    ['all only when all are asked for', 'all', [undefined]],
  ])('opens Secrets: %s', (_, given, expected) => {
    const open = rolesOf(given).filter(({ rules }) =>
      rules.some(({ resources }) => resources.includes('secrets')),
    );
    expect(open.map(({ metadata }) => metadata.namespace)).toEqual(expected);
  });

  it('names each resource once, and every one is bound to the group of this capability', () => {
    const names = listRights().flatMap(({ group, resources }) => resources.map((one) => `${one}.${group}`));
    expect(new Set(names).size).toBe(names.length);
    const objects = buildUpgradeAccessManifest({ helmNamespaces: ['shop'] });
    const bindings = objects.filter((object) => String(object['kind']).endsWith('Binding'));
    expect(bindings).toHaveLength(objects.length / 2);
    for (const binding of bindings) expect(binding['subjects']).toMatchObject([{ name: UPGRADE_GROUP }]);
  });
});

describe('the can/cannot table', () => {
  it('says of no question both yes and no', () => {
    for (const helm of [[], ['shop'], ['']]) {
      const rows = listUpgradeAccess(helm, ['kube-system']);
      const names = rows.map(
        ({ verb, group, resource, namespace }) => `${verb} ${resource}.${group} ${namespace}`,
      );
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
