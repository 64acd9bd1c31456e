import { describe, expect, it } from 'vitest';
import type { InsightFact } from '../../../functions/records/upgrade/aws-facts.ts';
import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import {
  call,
  evidence,
  found,
  insight,
  judge,
  LONG_AGO,
  RECENT,
  range,
  requested,
  written,
} from '../../support/api-evidence.ts';
import { topicOf } from '../../support/upgrade-facts.ts';

describe('clients that EKS saw', () => {
  it.each<[string, InsightFact, string[]]>([
    ['called lately', insight([call(RECENT)]), ['block: client argocd/v2.9']],
    [
      'called lately, and EKS only warns as yet',
      insight([call(RECENT)], { status: 'WARNING' }),
      ['block: client argocd/v2.9'],
    ],
    ['called long ago', insight([call(LONG_AGO)]), ['warn: client argocd/v2.9']],
    [
      'one lately, one long ago',
      insight([call(RECENT), call(LONG_AGO, 'curl/8')]),
      ['block: client argocd/v2.9', 'warn: client curl/8'],
    ],
    [
      'called at no known time, and EKS says ERROR',
      insight([call(undefined)]),
      ['block: client argocd/v2.9'],
    ],
    [
      'called at no known time',
      insight([call(undefined)], { status: 'WARNING' }),
      ['warn: client argocd/v2.9'],
    ],
    ['never called', insight([call(undefined, 'idle', 0)], { status: 'PASSING' }), []],
    [
      'are ourselves',
      insight([call(RECENT, 'drydock/1.0.0 upgrade-check')]),
      ['warn: client drydock/1.0.0 upgrade-check'],
    ],
    ['only have a name like ours', insight([call(RECENT, 'drydocker/1')]), ['block: client drydocker/1']],
    [
      'are not named, and EKS says ERROR',
      insight([]),
      ['block: insight Deprecated APIs removed in Kubernetes v1.37'],
    ],
    [
      'are not named, and EKS warns, which is no pass',
      insight([], { status: 'WARNING' }),
      ['warn: insight Deprecated APIs removed in Kubernetes v1.37'],
    ],
    ['are not named, and EKS says ERROR of another version', insight([], { version: '1.38' }), []],
    [
      'could not be found out',
      insight([], { status: 'UNKNOWN' }),
      ['not-checked: insight Deprecated APIs removed in Kubernetes v1.37'],
    ],
  ])('%s', (_, one, findings) => {
    expect(found({ insights: topicOf(one) })).toEqual(findings);
  });

  it('are stale when they have been silent for more than seven days', () => {
    const [verdict] = judge({ insights: topicOf(insight([call(LONG_AGO)])) });
    expect(verdict?.message).toContain(
      `stale, no call since ${LONG_AGO}. EKS keeps showing it for up to 30 days`,
    );
    expect(found({ insights: topicOf(insight([call('2026-11-14T13:00:00.000Z')])) })).toEqual([
      'block: client argocd/v2.9',
    ]);
  });

  it('warn as long as the API is served', () => {
    expect(found({ insights: topicOf(insight([call(RECENT), call(LONG_AGO, 'curl/8')])) }, '1.36')).toEqual([
      'warn: client argocd/v2.9',
    ]);
  });

  it('confirm what a manager wrote', () => {
    const facts = { usedApis: topicOf(range(written)), insights: topicOf(insight([call(RECENT)])) };
    expect(found(facts)).toEqual(['block: ServiceCIDR extra', 'block: client argocd/v2.9']);
    expect(found({ ...facts, insights: topicOf(insight([call(LONG_AGO)])) })).toEqual([
      'warn: ServiceCIDR extra',
      'warn: client argocd/v2.9',
    ]);
  });
});

describe('requests that the API server counted', () => {
  const counted = { ...requested, removedRelease: '1.37', requests: 4 };

  it('warn by themselves: nobody knows who asked', () => {
    expect(
      found({ requestedApis: topicOf(counted, { ...counted, subresource: 'status', requests: 1 }) }),
    ).toEqual(['warn: requests of networking.k8s.io/v1beta1/servicecidrs']);
  });

  it.each<[string, ClusterFacts]>([
    ['a client is known', { insights: topicOf(insight([call(RECENT)])) }],
    ['an object is known', { usedApis: topicOf(range(evidence())) }],
  ])('are part of another finding when %s', (_, facts) => {
    const subjects = found({ ...facts, requestedApis: topicOf(counted) });
    expect(subjects).toHaveLength(1);
    expect(subjects[0]).not.toContain('requests of');
  });

  it('are nothing when nobody asked', () => {
    expect(found({ requestedApis: topicOf({ ...counted, requests: 0 }) })).toEqual([]);
  });
});
