import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, isPrivate, parseRange } from '../../../functions/backup/drill/address-range.ts';
import {
  allowServers,
  judgeAllowed,
  LINK_LOCAL_EGRESS,
} from '../../../functions/backup/drill/allowed-egress.ts';
import { drillLabels } from '../../../functions/backup/drill/drill-label.ts';
import {
  findOpenings,
  judgeClosure,
  makeNetworkPolicies,
} from '../../../functions/backup/drill/network-policies.ts';
import type { NetworkPolicy } from '../../../functions/records/kubernetes-network-policy.ts';
import { buildPlace } from './drill-builders.ts';

const range = (text: string) => {
  const found = parseRange(text);
  if (!found) throw new Error(`${text} is no range`);
  return found;
};

describe('ranges of addresses', () => {
  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/16', '10.0.0.0/8', false],
    ['0.0.0.0/0', '1.1.1.1', true],
    ['2001:db8::/32', '2001:db8:1::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::/0', '1.1.1.1', false],
    ['::ffff:0:0/96', '::ffff:10.0.0.1', true],
    ['169.254.170.23/32', '169.254.170.23', true],
  ])('%s holds %s: %s', (outer, inner, expected) => {
    expect(holds(range(outer), range(inner))).toBe(expected);
  });

  it.each([
    '',
    'github.com',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '2001::/129',
    '10.0.0.256',
  ])('%j is none', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it('hold each of their own addresses, and tell private ones', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        expect(holds(range(`${address}/${prefix}`), range(address))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 0, max: 128 }), (address, prefix) => {
        expect(holds(range(`${address}/${prefix}`), range(address))).toBe(true);
      }),
    );
    expect(['10.1.2.3', '172.31.0.0/16', 'fd00::1'].map((text) => isPrivate(range(text)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['172.32.0.0', '1.1.1.1', '10.0.0.0/7'].map((text) => isPrivate(range(text)))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('what is allowed', () => {
  const outside = [{ host: '52.219.1.1' }, { host: 'github.com' }];
  const judge = (cidr: string, ports: number[]) => judgeAllowed([{ cidr, ports, why: 'it' }], outside);

  it.each([
    ['10.0.4.7/32', [5432]],
    ['10.0.0.0/12', [6379, 8075]],
    ['3.5.136.0/22', [443]],
    ['fd12::/64', [5432]],
    ['127.0.0.2/32', [5432]],
    ['::1/128', [9000]],
  ])('%s on %j', (cidr, ports) => {
    expect(judge(cidr, ports)).toEqual([]);
  });

  it.each([
    ['is too wide', '0.0.0.0/0', [443]],
    ['is too wide', '10.0.0.0/8', [443]],
    ['is too wide', '2000::/3', [443]],
    ['is no range', 's3.amazonaws.com', [443]],
    ['holds 52.219.1.1', '52.219.0.0/20', [443]],
    ['holds 169.254.169.254', '169.254.0.0/16', [80]],
    ['names no port', '10.0.4.7/32', []],
    ['on port 587', '10.0.4.7/32', [587]],
    ['on port 25', '3.5.136.0/22', [25]],
    ['on port 5432', '3.5.136.0/22', [5432]],
    ['on port 5432', '128.0.0.0/12', [5432]],
  ])('not what %s: %s on %j', (why, cidr, ports) => {
    expect(judge(cidr, ports).join()).toContain(why);
  });

  it('are the servers of the place by their addresses', () => {
    expect(allowServers(buildPlace().servers)).toEqual([
      { cidr: '10.9.0.5/32', ports: [5432], why: 'database' },
    ]);
    expect(judgeAllowed(LINK_LOCAL_EGRESS, outside)).toEqual([]);
  });
});

const wanted = makeNetworkPolicies('drill-1', 'gitlab-drill', allowServers(buildPlace().servers));
const standing: NetworkPolicy[] = wanted.map(({ metadata, spec }, index) => ({
  ...metadata,
  uid: `policy-${index}`,
  spec: structuredClone(spec),
}));
const policyOfOthers = (spec: NetworkPolicy['spec']): NetworkPolicy => ({
  namespace: 'gitlab-drill',
  name: 'chart',
  uid: 'chart',
  labels: {},
  spec,
});

describe('the policies of a drill', () => {
  it('deny all pods everything, and allow what was named', () => {
    expect(wanted.map(({ spec }) => [spec.podSelector, spec.policyTypes])).toEqual([
      [{}, ['Ingress', 'Egress']],
      [{}, ['Ingress', 'Egress']],
    ]);
    expect(wanted[0]?.spec).not.toHaveProperty('egress');
    expect(wanted[1]?.spec.egress?.at(-1)).toEqual({
      to: [{ ipBlock: { cidr: '10.9.0.5/32' } }],
      ports: [{ port: 5432, protocol: 'TCP' }],
    });
    expect(wanted.map(({ metadata }) => metadata.labels)).toEqual([
      drillLabels('drill-1'),
      drillLabels('drill-1'),
    ]);
  });

  it('never allow a peer without ports outside of the namespace', () => {
    const rules = wanted.flatMap(({ spec }) => spec.egress ?? []);
    const open = rules.filter((rule) => !('ports' in rule));
    expect(open).toEqual([{ to: [{ podSelector: {} }] }]);
    expect(rules.every((rule) => 'to' in rule)).toBe(true);
  });

  it('close as long as they stand as they were made', () => {
    expect(judgeClosure(standing, wanted, 'drill-1')).toEqual([]);
  });

  it.each<[string, NetworkPolicy[]]>([
    ['is gone', standing.slice(1)],
    ['was changed', standing.map((one) => ({ ...one, spec: { ...one.spec, egress: [{}] } }))],
    [
      'was changed',
      standing.map((one) => ({ ...one, spec: { ...one.spec, podSelector: { matchLabels: { a: 'b' } } } })),
    ],
    ['is not the one of this drill', standing.map((one) => ({ ...one, labels: drillLabels('drill-2') }))],
    ['lets pods out', [...standing, policyOfOthers({ podSelector: {}, policyTypes: [], egress: [{}] })]],
  ])('do not when one %s', (why, policies) => {
    expect(judgeClosure(policies, wanted, 'drill-1').join()).toContain(why);
  });

  it('are opened by those of others that let something out, and by no other', () => {
    const ingress = policyOfOthers({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] });
    const none = policyOfOthers({ podSelector: {}, policyTypes: ['Egress'], egress: [] });
    const out = policyOfOthers({
      podSelector: { matchLabels: { app: 'sidekiq' } },
      policyTypes: ['Egress'],
      egress: [{}],
    });
    expect(findOpenings([...standing, ingress, none], 'drill-1')).toEqual([]);
    expect(findOpenings([...standing, out], 'drill-1')).toEqual([
      expect.stringContaining('gitlab-drill/chart'),
    ]);
  });
});
