import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectMetadata } from '../../../functions/clients/kubernetes-reader.ts';
import { readEvidence } from '../../../functions/upgrade/deprecations/evidence.ts';
import { lookupRuledApi } from '../../../functions/upgrade/deprecations/table.ts';

const KINDS = [
  { group: 'policy', kind: 'PodDisruptionBudget' },
  { group: 'networking.k8s.io', kind: 'Ingress' },
  { group: 'autoscaling', kind: 'HorizontalPodAutoscaler' },
  { group: 'shop.example.com', kind: 'Basket' },
] as const;
const VERSIONS = [
  'policy/v1',
  'policy/v1beta1',
  'networking.k8s.io/v1',
  'networking.k8s.io/v1beta1',
  'extensions/v1beta1',
  'autoscaling/v1',
  'autoscaling/v2',
  'autoscaling/v2beta2',
  'shop.example.com/v1beta1',
];

const kind = fc.constantFrom(...KINDS);
const entry = fc.record(
  {
    manager: fc.constantFrom('argocd', 'helm', 'kubectl-client-side-apply', 'kube-controller-manager'),
    operation: fc.constantFrom('Apply', 'Update'),
    apiVersion: fc.constantFrom(...VERSIONS),
    time: fc.integer({ min: 1, max: 20 }).map((day) => `2026-11-${String(day).padStart(2, '0')}T00:00:00Z`),
    subresource: fc.constantFrom('status', 'scale'),
  },
  { requiredKeys: ['manager', 'operation', 'apiVersion'] },
);
const annotation = fc.oneof(
  fc
    .record({ apiVersion: fc.constantFrom(...VERSIONS), kind: kind.map(({ kind }) => kind) })
    .map((applied) => JSON.stringify(applied)),
  fc.string(),
  fc.json(),
);

const buildMetadata = (
  managedFields: ObjectMetadata['managedFields'],
  lastApplied?: string,
): ObjectMetadata => ({
  namespace: 'shop',
  name: 'web',
  labels: {},
  annotations:
    lastApplied === undefined ? {} : { 'kubectl.kubernetes.io/last-applied-configuration': lastApplied },
  managedFields,
});

describe('evidence, whatever the metadata', () => {
  it('always names a version that is ruled for the kind', () => {
    fc.assert(
      fc.property(
        kind,
        fc.array(entry),
        fc.option(annotation, { nil: undefined }),
        (of, entries, applied) => {
          for (const { apiVersion } of readEvidence(of, buildMetadata(entries, applied))) {
            expect(lookupRuledApi(apiVersion, of.kind)).toBeDefined();
          }
        },
      ),
    );
  });

  it('does not depend on the order of managedFields', () => {
    const shuffled = fc
      .array(entry)
      .chain((entries) =>
        fc.tuple(
          fc.constant(entries),
          fc.shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length }),
        ),
      );
    fc.assert(
      fc.property(kind, shuffled, annotation, (of, [entries, others], applied) => {
        expect(readEvidence(of, buildMetadata(others, applied))).toEqual(
          readEvidence(of, buildMetadata(entries, applied)),
        );
      }),
    );
  });

  it('is gone for a manager that writes by a version that stays at last', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const mended = entries.map(({ manager }) => ({
          manager,
          operation: 'Update',
          apiVersion: 'policy/v1',
          time: '2026-11-21T00:00:00Z',
        }));
        const found = readEvidence(KINDS[0], buildMetadata([...entries, ...mended]));
        expect(found).toEqual([]);
      }),
    );
  });
});
