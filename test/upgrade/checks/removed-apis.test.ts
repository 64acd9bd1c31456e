import { describe, expect, it } from 'vitest';
import type { ApiEvidence, UsedApiFact } from '../../../functions/records/upgrade/api-facts.ts';
import type { InsightFact } from '../../../functions/records/upgrade/aws-facts.ts';
import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import type { Verdict } from '../../../functions/upgrade/check.ts';
import { removedApis } from '../../../functions/upgrade/checks/removed-apis.ts';
import {
  buildHelmRelease,
  buildInsight,
  CHECK_TIME,
  CLUSTER,
  healthyCluster,
  REGION,
  topicOf,
  unreadTopic,
} from '../../support/upgrade-facts.ts';

/** networking.k8s.io/v1beta1 ServiceCIDR: deprecated in 1.34, gone in 1.37, succeeded by v1 since 1.33. */
const OLD = 'networking.k8s.io/v1beta1';

const judge = (facts: ClusterFacts, to = '1.37'): readonly Verdict[] =>
  removedApis.judge(healthyCluster(facts), {
    cluster: CLUSTER,
    region: REGION,
    current: '1.35',
    from: `1.${Number(to.slice(2)) - 1}`,
    to,
    now: CHECK_TIME,
  });

const found = (facts: ClusterFacts, to?: string): string[] =>
  judge(facts, to).map(({ result, subject }) => `${result}: ${subject}`);

const evidence = (overrides: Partial<ApiEvidence> = {}): ApiEvidence => ({
  source: 'last-applied',
  apiVersion: OLD,
  confidence: 'high',
  ...overrides,
});

const range = (...signs: ApiEvidence[]): UsedApiFact => ({
  kind: 'ServiceCIDR',
  namespace: '',
  name: 'extra',
  evidence: signs,
});

const written = evidence({ source: 'managed-fields', confidence: 'medium', manager: 'argocd' });
const onFile = evidence({ source: 'file', file: 'net.yaml', line: 3 });
const byHelm = evidence({ source: 'helm', release: 'net/ranges' });
const requested = {
  group: 'networking.k8s.io',
  version: 'v1beta1',
  resource: 'servicecidrs',
  subresource: '',
};

const call = (lastRequest: string | undefined, userAgent = 'argocd/v2.9', requests30Days = 12) => ({
  userAgent,
  requests30Days,
  ...(lastRequest === undefined ? {} : { lastRequest }),
});
const RECENT = '2026-11-20T08:00:00.000Z';
const LONG_AGO = '2026-11-13T08:00:00.000Z';

const insight = (
  clients: InsightFact['deprecations'][number]['clients'],
  overrides: Partial<InsightFact> = {},
): InsightFact =>
  buildInsight({
    name: 'Deprecated APIs removed in Kubernetes v1.37',
    version: '1.37',
    status: 'ERROR',
    deprecations: [
      {
        usage: '/apis/networking.k8s.io/v1beta1/servicecidrs',
        replacedWith: '/apis/networking.k8s.io/v1/servicecidrs',
        stopServing: '1.37',
        clients,
      },
    ],
    ...overrides,
  });

describe('objects of an API that the step takes away', () => {
  it.each<[string, ClusterFacts, string]>([
    ['kubectl applied it so', { usedApis: topicOf(range(evidence())) }, 'block'],
    ['a Helm manifest has it so', { helm: topicOf(buildHelmRelease({ objects: [range(byHelm)] })) }, 'block'],
    ['a given file has it so', { manifests: topicOf(range(onFile)) }, 'block'],
    [
      'kubectl applied it so, and others have since',
      { usedApis: topicOf(range(evidence({ confidence: 'medium' }))) },
      'warn',
    ],
    ['a manager wrote it so', { usedApis: topicOf(range(written)) }, 'warn'],
    [
      'a manager wrote it so, and the API server counts requests',
      {
        usedApis: topicOf(range(written)),
        requestedApis: topicOf({ ...requested, removedRelease: '1.37', requests: 4 }),
      },
      'block',
    ],
    [
      'a manager wrote it so long ago, and the API server counts requests',
      {
        usedApis: topicOf(range({ ...written, confidence: 'low' })),
        requestedApis: topicOf({ ...requested, removedRelease: '1.37', requests: 4 }),
      },
      'warn',
    ],
    [
      'a manager wrote it so, and the API server counts requests of another resource',
      {
        usedApis: topicOf(range(written)),
        requestedApis: topicOf({
          ...requested,
          resource: 'ipaddresses',
          removedRelease: '1.37',
          requests: 0,
        }),
      },
      'warn',
    ],
    ['nothing else is served', { usedApis: topicOf(range(evidence({ source: 'served-only' }))) }, 'warn'],
    [
      'a manager wrote it so, and the count may be our own list',
      {
        usedApis: topicOf(range(written, evidence({ source: 'served-only' }))),
        requestedApis: topicOf({ ...requested, removedRelease: '1.37', requests: 1 }),
      },
      'warn',
    ],
  ])('when %s', (_, facts, result) => {
    expect(found(facts)).toEqual([`${result}: ServiceCIDR extra`]);
  });

  it('are one finding, wherever they were found', () => {
    const [verdict, ...others] = judge({
      usedApis: topicOf(range(written)),
      helm: topicOf(buildHelmRelease({ objects: [range(byHelm)] })),
      manifests: topicOf(range(onFile)),
      requestedApis: topicOf({ ...requested, removedRelease: '1.37', requests: 4 }),
    });
    expect(others).toEqual([]);
    expect(verdict).toMatchObject({ result: 'block', subject: 'ServiceCIDR extra' });
    expect(verdict?.evidence).toEqual([
      `managedFields: argocd wrote ${OLD}`,
      `Helm release net/ranges: ${OLD}`,
      `net.yaml:3: ${OLD}`,
      'the API server counted 4 requests of networking.k8s.io/v1beta1/servicecidrs since it started',
    ]);
  });

  it('are told with what fails and the command that mends it', () => {
    expect(judge({ usedApis: topicOf(range(evidence())) })[0]).toMatchObject({
      message: `kubectl apply sends it as ${OLD}, which 1.37 no longer serves. The next kubectl apply fails.`,
      remedy: {
        command:
          'kubectl apply view-last-applied servicecidrs.v1.networking.k8s.io extra -o yaml | kubectl convert -f - --output-version networking.k8s.io/v1 | kubectl apply -f -',
      },
    });
  });

  it.each([
    ['1.34', ['warn: ServiceCIDR extra']],
    ['1.36', ['warn: ServiceCIDR extra']],
    ['1.37', ['block: ServiceCIDR extra']],
    // Whoever applies it fails before the step as after it.
    ['1.38', ['warn: ServiceCIDR extra']],
    ['1.33', []],
  ])('at the step to %s give %o', (to, findings) => {
    expect(found({ usedApis: topicOf(range(evidence())) }, to)).toEqual(findings);
  });

  it('are no finding by a note of the API server on a version that was gone before', () => {
    expect(found({ usedApis: topicOf(range(written)) }, '1.38')).toEqual([]);
  });

  it('are no finding by a stale note on a version that is still served', () => {
    expect(found({ usedApis: topicOf(range({ ...written, confidence: 'low' })) }, '1.36')).toEqual([]);
  });
});

describe('objects of a component', () => {
  const certificate: UsedApiFact = {
    kind: 'Certificate',
    namespace: 'shop',
    name: 'web',
    evidence: [evidence({ apiVersion: 'cert-manager.io/v1alpha2' })],
  };
  const serve = (version: string) => ({
    group: 'cert-manager.io',
    version,
    resource: 'certificates',
    kind: 'Certificate',
    namespaced: true,
    listable: true,
  });

  it.each([
    ['is served', [serve('v1'), serve('v1alpha2')]],
    ['is not installed', []],
  ])('warn when their component %s: the cluster takes nothing away', (_, served) => {
    const [verdict] = judge({ usedApis: topicOf(certificate), served: topicOf(...served) });
    expect(verdict).toMatchObject({ result: 'warn', subject: 'Certificate shop/web' });
    expect(verdict?.message).toContain('deprecated since cert-manager 1.4 and gone in cert-manager 1.6');
  });

  it('warn otherwise when the component no longer serves it', () => {
    const [verdict] = judge({ usedApis: topicOf(certificate), served: topicOf(serve('v1')) });
    expect(verdict).toMatchObject({ result: 'warn' });
    expect(verdict?.message).toContain('the installed cert-manager no longer serves');
  });
});

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
    ['are not named, and EKS warns', insight([], { status: 'WARNING' }), []],
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

describe('what is beside the objects', () => {
  it('an odd Helm release warns', () => {
    const release = buildHelmRelease({ faults: ['revision 2 is marked as deployed too, beside 3'] });
    expect(judge({ helm: topicOf(release) })).toMatchObject([
      {
        result: 'warn',
        subject: 'Helm release gitlab/gitlab',
        remedy: { command: 'helm history gitlab --namespace gitlab' },
      },
    ]);
  });

  it('a topic that could not be read is not checked, and the others are judged', () => {
    expect(
      found({ helm: unreadTopic('Helm releases', 'list secrets'), usedApis: topicOf(range(evidence())) }),
    ).toEqual(['block: ServiceCIDR extra', 'not-checked: Helm releases']);
  });

  it('manifests that nobody gave are not missed, and unreadable ones are', () => {
    const { manifests: _, ...without } = healthyCluster();
    const step = {
      cluster: CLUSTER,
      region: REGION,
      current: '1.36',
      from: '1.36',
      to: '1.37',
      now: CHECK_TIME,
    };
    expect(removedApis.judge(without, step)).toEqual([]);
    expect(found({ manifests: unreadTopic('s3://bucket/manifests') })).toEqual([
      'not-checked: s3://bucket/manifests',
    ]);
  });
});
