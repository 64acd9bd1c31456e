import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ClusterFacts,
  type FactName,
  type FactOf,
  type Unread,
} from '../../../functions/records/upgrade/facts.ts';
import { mergeFacts } from '../../../functions/upgrade/reading/fact-merge.ts';

const insight = (id: string, status: FactOf<'insights'>['status'] = 'PASSING'): FactOf<'insights'> => ({
  id,
  name: id,
  category: 'UPGRADE_READINESS',
  status,
  reason: '',
  description: '',
  recommendation: '',
  links: {},
  resources: [],
  deprecations: [],
  addons: [],
});

const used = (name: string, apiVersion: string): FactOf<'usedApis'> => ({
  kind: 'Ingress',
  namespace: 'shop',
  name,
  evidence: [{ source: 'last-applied', apiVersion, confidence: 'high' }],
});

const subnet = (id: string, usedBy: FactOf<'subnets'>['usedBy'][number]): FactOf<'subnets'> => ({
  id,
  exists: true,
  zone: 'eu-central-1a',
  freeAddresses: 20,
  usedBy: [usedBy],
});

const unread = (what: string): Unread => ({ what, reason: 'it is forbidden', permission: `list ${what}` });

const names = fc.constantFrom('a', 'b', 'c');
const topic = <T>(item: fc.Arbitrary<T>) =>
  fc.record({
    items: fc.array(item, { maxLength: 4 }),
    unread: fc.array(names.map(unread), { maxLength: 3 }),
  });
/** Parts that overlap as often as they do not. */
const parts = fc.record(
  {
    insights: topic(
      fc
        .tuple(names, fc.constantFrom('PASSING' as const, 'ERROR' as const))
        .map(([id, status]) => insight(id, status)),
    ),
    usedApis: topic(fc.tuple(names, fc.constantFrom('v1beta1', 'v1')).map(([name, api]) => used(name, api))),
    subnets: topic(
      fc
        .tuple(names, fc.constantFrom('cluster' as const, 'node group' as const))
        .map(([id, by]) => subnet(id, by)),
    ),
  },
  { requiredKeys: [] },
);

describe('mergeFacts', () => {
  test('it does not matter which two of three neighbours are merged first', () => {
    fc.assert(
      fc.property(parts, parts, parts, (a, b, c) => {
        expect(mergeFacts(mergeFacts(a, b), c)).toEqual(mergeFacts(a, mergeFacts(b, c)));
      }),
    );
  });

  test('a part that comes twice changes nothing', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const merged = mergeFacts(a, b);
        expect(mergeFacts(merged, b)).toEqual(merged);
        expect(mergeFacts(merged, merged)).toEqual(merged);
      }),
    );
  });

  test('nothing that was read or not read is lost', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const merged = mergeFacts(a, b);
        for (const name of ['insights', 'usedApis', 'subnets'] satisfies FactName[]) {
          const read = (facts: ClusterFacts) =>
            new Set((facts[name]?.items ?? []).map((one) => ('id' in one ? one.id : one.name)));
          expect(read(merged)).toEqual(new Set([...read(a), ...read(b)]));
          expect(new Set(merged[name]?.unread.map(({ what }) => what))).toEqual(
            new Set([a, b].flatMap((one) => one[name]?.unread.map(({ what }) => what) ?? [])),
          );
        }
      }),
    );
  });

  test('of one thing read twice the later state is kept, at its first place', () => {
    const merged = mergeFacts(
      { insights: { items: [insight('a', 'ERROR'), insight('b')], unread: [] } },
      { insights: { items: [insight('a', 'PASSING')], unread: [] } },
    );
    expect(merged.insights?.items.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'a PASSING',
      'b PASSING',
    ]);
  });

  test('an object that two lists know of keeps the evidence of both', () => {
    const merged = mergeFacts(
      { usedApis: { items: [used('web', 'extensions/v1beta1')], unread: [] } },
      { usedApis: { items: [used('web', 'networking.k8s.io/v1beta1')], unread: [] } },
    );
    expect(merged.usedApis?.items[0]?.evidence.map(({ apiVersion }) => apiVersion)).toEqual([
      'extensions/v1beta1',
      'networking.k8s.io/v1beta1',
    ]);
  });

  test('a subnet that control plane and nodes share is used by both', () => {
    const merged = mergeFacts(
      { subnets: { items: [subnet('subnet-1', 'cluster')], unread: [] } },
      { subnets: { items: [subnet('subnet-1', 'node group')], unread: [] } },
    );
    expect(merged.subnets?.items).toEqual([
      { ...subnet('subnet-1', 'cluster'), usedBy: ['cluster', 'node group'] },
    ]);
  });

  test('a topic that nobody asked for stays absent, one that could not be read stays unread', () => {
    const merged = mergeFacts({ nodes: { items: [], unread: [unread('nodes')] } }, {});
    expect(merged.addons).toBeUndefined();
    expect(merged.nodes).toEqual({ items: [], unread: [unread('nodes')] });
  });

  test('every topic of the facts is merged', () => {
    const everything = Object.fromEntries(
      Object.keys(ClusterFacts.shape).map((name) => [name, { items: [], unread: [unread(name)] }]),
    );
    expect(mergeFacts(ClusterFacts.parse(everything), {})).toEqual(everything);
  });
});
