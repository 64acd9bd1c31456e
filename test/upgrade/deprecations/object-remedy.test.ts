import { describe, expect, it } from 'vitest';
import type { ApiEvidence } from '../../../functions/records/upgrade/api-facts.ts';
import { mendObject } from '../../../functions/upgrade/deprecations/object-remedy.ts';
import { lookupApi } from '../../../functions/upgrade/deprecations/table.ts';

const mend = (
  [apiVersion, kind]: readonly [string, string],
  evidence: Partial<ApiEvidence>,
  { to = '1.22', namespace = 'shop', name = 'web' } = {},
) => {
  const row = lookupApi(apiVersion, kind);
  if (!row) throw new Error(`the tables have no ${apiVersion} ${kind}`);
  const sign = {
    row,
    standing: 'removed' as const,
    evidence: { source: 'file' as const, apiVersion, confidence: 'high' as const, ...evidence },
  };
  const step = { from: `1.${Number(to.slice(2)) - 1}`, to };
  return mendObject({ kind, namespace, name, signs: [sign] }, sign, step);
};

const INGRESS = ['extensions/v1beta1', 'Ingress'] as const;

describe('what to do about an object', () => {
  it.each<[string, Partial<ApiEvidence>, string]>([
    [
      'what kubectl applied is converted from its own note',
      { source: 'last-applied' },
      'kubectl apply view-last-applied ingresses.v1.networking.k8s.io web --namespace shop -o yaml | kubectl convert -f - --output-version networking.k8s.io/v1 | kubectl apply -f -',
    ],
    [
      'what a manager wrote is shown with its managers',
      { source: 'managed-fields', manager: 'argocd' },
      'kubectl get ingresses.v1.networking.k8s.io web --namespace shop -o yaml --show-managed-fields',
    ],
    [
      'the stored manifest of a Helm release is rewritten',
      { source: 'helm', release: 'shop/front' },
      'helm mapkubeapis front --namespace shop',
    ],
    [
      'what Helm wrote by the note of the API server is mended in Helm too',
      { source: 'managed-fields', manager: 'helm', release: 'shop/front' },
      'helm mapkubeapis front --namespace shop',
    ],
    [
      'a file is converted',
      { source: 'file', file: 'deploy/web.yaml' },
      'kubectl convert -f deploy/web.yaml --output-version networking.k8s.io/v1',
    ],
    [
      'a name of a file is no command',
      { source: 'file', file: "it's $(rm).yaml" },
      "kubectl convert -f 'it'\\''s $(rm).yaml' --output-version networking.k8s.io/v1",
    ],
  ])('%s', (_, evidence, command) => {
    const { command: ours, text } = mend(INGRESS, evidence);
    expect(ours).toBe(command);
    expect(text).not.toBe('');
  });

  it.each<[string, Partial<ApiEvidence>, RegExp]>([
    [
      'a rendered file is mended in its template',
      { file: 'all.yaml', template: 'shop/web.yaml' },
      /in shop\/web\.yaml/,
    ],
    [
      'what is served only so has no command',
      { source: 'served-only' },
      /can write apiVersion: networking\.k8s\.io\/v1/,
    ],
  ])('%s', (_, evidence, text) => {
    const remedy = mend(INGRESS, evidence);
    expect(remedy.text).toMatch(text);
    expect(remedy).not.toHaveProperty('command');
  });

  it('a kind without a successor has to go', () => {
    expect(mend(['policy/v1beta1', 'PodSecurityPolicy'], {}, { to: '1.25' })).toEqual({
      text: 'PodSecurityPolicy has no successor: take it out of what is applied, and replace what it did, before the step.',
      link: 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/#v1-25',
    });
  });

  it('a version that comes with the step has to wait for it', () => {
    expect(mend(['policy/v1beta1', 'PodDisruptionBudget'], {}, { to: '1.21' }).text).toContain(
      'It is served from 1.21 on: hold the manifest back during the step.',
    );
  });

  it('a kind of another name is named', () => {
    expect(
      mend(['gateway.networking.k8s.io/v1alpha2', 'ReferencePolicy'], { source: 'last-applied' }),
    ).toEqual({
      text: expect.stringContaining('kind: ReferenceGrant'),
      link: 'https://github.com/kubernetes-sigs/gateway-api/releases/tag/v0.6.0',
    });
  });

  it.each([
    ['1.22', INGRESS, '#v1-22'],
    // The guide ends with 1.32.
    ['1.37', ['networking.k8s.io/v1beta1', 'ServiceCIDR'] as const, '/deprecation-guide/'],
  ])('the link for %s leads to where the guide speaks of it', (to, api, end) => {
    expect(mend(api, { source: 'served-only' }, { to }).link).toMatch(new RegExp(`${end}$`));
  });

  it('an object without a namespace is addressed without one', () => {
    const remedy = mend(
      ['rbac.authorization.k8s.io/v1beta1', 'ClusterRole'],
      { source: 'managed-fields' },
      { namespace: '', name: 'system:reader' },
    );
    expect(remedy.command).toBe(
      'kubectl get clusterroles.v1.rbac.authorization.k8s.io system:reader -o yaml --show-managed-fields',
    );
  });
});
