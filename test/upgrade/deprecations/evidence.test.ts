import { describe, expect, it } from 'vitest';
import type { ObjectMetadata } from '../../../functions/clients/kubernetes-reader.ts';
import { readEvidence } from '../../../functions/upgrade/deprecations/evidence.ts';

const BUDGET = { group: 'policy', kind: 'PodDisruptionBudget' };
const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

const buildMetadata = (overrides: Partial<ObjectMetadata> = {}): ObjectMetadata => ({
  namespace: 'shop',
  name: 'web',
  labels: {},
  annotations: {},
  managedFields: [],
  ...overrides,
});

const applied = (apiVersion: string, kind = 'PodDisruptionBudget', extra = {}): ObjectMetadata =>
  buildMetadata({ annotations: { [ANNOTATION]: JSON.stringify({ apiVersion, kind, ...extra }) } });

const entry = (
  overrides: Partial<ObjectMetadata['managedFields'][number]> = {},
): ObjectMetadata['managedFields'][number] => ({
  manager: 'argocd',
  operation: 'Update',
  apiVersion: 'policy/v1beta1',
  time: '2026-11-01T10:00:00.000Z',
  ...overrides,
});

describe('evidence in the last-applied annotation', () => {
  it('names a ruled version that kubectl applied', () => {
    expect(readEvidence(BUDGET, applied('policy/v1beta1'))).toEqual([
      { source: 'last-applied', apiVersion: 'policy/v1beta1', confidence: 'high' },
    ]);
  });

  it('finds a version of another group of the same kind', () => {
    const ingress = { group: 'networking.k8s.io', kind: 'Ingress' };
    expect(readEvidence(ingress, applied('extensions/v1beta1', 'Ingress'))).toMatchObject([
      { apiVersion: 'extensions/v1beta1' },
    ]);
  });

  it.each([
    ['the version stays', applied('policy/v1')],
    [
      'the version stays and an old one stands in the spec',
      applied('policy/v1', undefined, { spec: 'policy/v1beta1' }),
    ],
    ['it is of another kind', applied('policy/v1beta1', 'PodSecurityPolicy')],
    [
      'it is of another kind, and ours stands in it',
      applied('apps/v1', 'DaemonSet', { was: 'policy/v1beta1' }),
    ],
    ['it is no JSON', buildMetadata({ annotations: { [ANNOTATION]: '{"apiVersion":"policy/v1beta1",' } })],
    ['it is no object', buildMetadata({ annotations: { [ANNOTATION]: '"policy/v1beta1"' } })],
    ['it is null', buildMetadata({ annotations: { [ANNOTATION]: 'null // policy/v1beta1' } })],
    ['it has no kind', buildMetadata({ annotations: { [ANNOTATION]: '{"apiVersion":"policy/v1beta1"}' } })],
    [
      'it is larger than annotations can be',
      applied('policy/v1beta1', undefined, { spec: 'x'.repeat(300_000) }),
    ],
    ['there is none', buildMetadata()],
  ])('is none when %s', (_, metadata) => {
    expect(readEvidence(BUDGET, metadata)).toEqual([]);
  });

  it('is doubted when another tool has applied the object since by a version that stays', () => {
    const metadata = {
      ...applied('policy/v1beta1'),
      managedFields: [
        entry({ manager: 'kubectl-client-side-apply', time: '2026-01-01T00:00:00Z' }),
        entry({
          manager: 'argocd',
          operation: 'Apply',
          apiVersion: 'policy/v1',
          time: '2026-02-01T00:00:00Z',
        }),
      ],
    };
    expect(readEvidence(BUDGET, metadata)[0]).toMatchObject({ source: 'last-applied', confidence: 'medium' });
  });

  it.each([
    ['it only updated a field', { operation: 'Update' }],
    ['it wrote the status', { subresource: 'status' }],
    ['it wrote by the old version too', { apiVersion: 'policy/v1beta1' }],
    ['it was earlier', { time: '2025-12-01T00:00:00Z' }],
    ['it is kubectl itself', { manager: 'kubectl-last-applied' }],
  ])('is not doubted for another writer when %s', (_, other) => {
    const metadata = {
      ...applied('policy/v1beta1'),
      managedFields: [
        entry({ manager: 'kubectl-client-side-apply', time: '2026-01-01T00:00:00Z' }),
        entry({ operation: 'Apply', apiVersion: 'policy/v1', time: '2026-02-01T00:00:00Z', ...other }),
      ],
    };
    expect(readEvidence(BUDGET, metadata)[0]).toMatchObject({ source: 'last-applied', confidence: 'high' });
  });
});

describe('evidence in managedFields', () => {
  const read = (...managedFields: ObjectMetadata['managedFields'][number][]) =>
    readEvidence(BUDGET, buildMetadata({ managedFields }));

  it('names manager and time', () => {
    expect(read(entry())).toEqual([
      {
        source: 'managed-fields',
        apiVersion: 'policy/v1beta1',
        confidence: 'medium',
        manager: 'argocd',
        time: '2026-11-01T10:00:00.000Z',
      },
    ]);
  });

  it('names the release of what Helm wrote', () => {
    const annotations = {
      'meta.helm.sh/release-name': 'front',
      'meta.helm.sh/release-namespace': 'shop',
    };
    const read = (manager: string) =>
      readEvidence(BUDGET, buildMetadata({ annotations, managedFields: [entry({ manager })] }));
    expect(read('helm')).toMatchObject([{ manager: 'helm', release: 'shop/front' }]);
    expect(read('argocd')[0]).not.toHaveProperty('release');
  });

  it('is weak when somebody else has written since', () => {
    const later = entry({ manager: 'helm', apiVersion: 'policy/v1', time: '2026-11-02T10:00:00.000Z' });
    expect(read(entry(), later)).toMatchObject([{ manager: 'argocd', confidence: 'low' }]);
  });

  it('is weak without a time', () => {
    const { time: _, ...timeless } = entry();
    expect(read(timeless)).toEqual([
      { source: 'managed-fields', apiVersion: 'policy/v1beta1', confidence: 'low', manager: 'argocd' },
    ]);
  });

  it('counts a manager and version once, by its newest entry', () => {
    const later = entry({ operation: 'Apply', time: '2026-11-02T10:00:00.000Z' });
    expect(read(entry(), later)).toMatchObject([{ manager: 'argocd', time: '2026-11-02T10:00:00.000Z' }]);
  });

  it('is not weakened by a status that is written later', () => {
    const status = entry({
      manager: 'kube-controller-manager',
      apiVersion: 'policy/v1',
      subresource: 'status',
      time: '2026-11-20T10:00:00.000Z',
    });
    expect(read(entry(), status)).toMatchObject([{ manager: 'argocd', confidence: 'medium' }]);
  });

  it.each([
    ['it is a status', [entry({ subresource: 'status' })]],
    [
      'the same manager has written by a version that stays since',
      [entry(), entry({ apiVersion: 'policy/v1', time: '2026-11-02T10:00:00.000Z' })],
    ],
    ['the control plane wrote it', [entry({ manager: 'kube-apiserver' })]],
    ['the version is ruled for other kinds alone', [entry({ apiVersion: 'apps/v1beta1' })]],
    ['the version stays', [entry({ apiVersion: 'policy/v1' })]],
  ])('is none when %s', (_, entries) => {
    expect(read(...entries)).toEqual([]);
  });

  it.each([
    ['before', '2026-10-01T10:00:00.000Z'],
    // Times are whole seconds, so that nobody can say which came last.
    ['within the same second', '2026-11-01T10:00:00.000Z'],
  ])('stays when the same manager wrote by a version that stays %s', (_, time) => {
    expect(read(entry(), entry({ apiVersion: 'policy/v1', time }))).toMatchObject([
      { manager: 'argocd', confidence: 'medium' },
    ]);
  });
});
