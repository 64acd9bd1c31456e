import { describe, expect, it } from 'vitest';
import { shiftMinor } from '../../../functions/records/kubernetes-version.ts';
import type { UsedApiFact } from '../../../functions/records/upgrade/api-facts.ts';
import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { removedApis } from '../../../functions/upgrade/checks/removed-apis.ts';
import { TABLE_SOURCE } from '../../../functions/upgrade/deprecations/table.ts';
import {
  byHelm,
  evidence,
  found,
  judge,
  OLD,
  onFile,
  range,
  requested,
  written,
} from '../../support/api-evidence.ts';
import {
  buildHelmRelease,
  CHECK_TIME,
  CLUSTER,
  healthyCluster,
  REGION,
  topicOf,
  unreadTopic,
} from '../../support/upgrade-facts.ts';

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

  it('an older revision of a release is named, and its objects do not count', () => {
    const releases = topicOf(
      buildHelmRelease({ revision: 4 }),
      buildHelmRelease({ revision: 3, objects: [range(byHelm)] }),
    );
    expect(found({ helm: releases })).toEqual(['warn: Helm release gitlab/gitlab']);
  });

  it.each([
    [3, []],
    [4, ['not-checked: table of deprecations']],
  ])('a step to %i releases beyond what our table knows gives %o', (minors, findings) => {
    // Three releases at least lie between the deprecation of an API and its end.
    expect(found({}, shiftMinor(TABLE_SOURCE.newest, minors))).toEqual(findings);
  });
});
