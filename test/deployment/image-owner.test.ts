import { expect, test } from 'vitest';
import { findImageOwners, judgeImageOwner } from '../../functions/deployment/image-owner.ts';
import type { ManagedFields, TemplateContainer } from '../../functions/records/workload.ts';
import { buildWorkload, IMAGE } from '../support/workload-builders.ts';

const WEB: TemplateContainer = { name: 'web', image: IMAGE, init: false, index: 0 };
const imageOf = (container: string, list = 'f:containers') => ({
  'f:spec': {
    'f:template': { 'f:spec': { [list]: { [`k:{"name":"${container}"}`]: { 'f:image': {} } } } },
  },
});
const by = (manager: string, fields: unknown = imageOf('web'), more: Partial<ManagedFields> = {}) => ({
  manager,
  operation: 'Update' as const,
  fields,
  ...more,
});

test.each<[string, ManagedFields[], string | undefined]>([
  ['Helm 4 by server-side apply', [by('helm', imageOf('web'), { operation: 'Apply' })], 'owner.helm'],
  ['Helm 3 by update', [by('helm')], 'owner.helm'],
  ['Terraform’s Helm provider', [by('terraform-provider-helm_v3.0.2_x5')], 'owner.helm'],
  ['Argo CD', [by('argocd-controller')], 'owner.argocd'],
  ['Argo CD of old', [by('argocd-application-controller')], 'owner.argocd'],
  ['Flux Kustomize', [by('kustomize-controller')], 'owner.flux'],
  ['Flux Helm', [by('helm-controller')], 'owner.flux'],
  ['Helm and kubectl agreeing on the value', [by('kubectl'), by('helm')], 'owner.helm'],
  ['kubectl', [by('kubectl-set')], undefined],
  ['an unknown pipeline', [by('our-ci')], undefined],
  ['Drydock itself', [by('drydock')], undefined],
  ['nobody noted', [], undefined],
  ['Helm owning another container only', [by('helm', imageOf('proxy'))], undefined],
  [
    'Helm owning an init container of that name only',
    [by('helm', imageOf('web', 'f:initContainers'))],
    undefined,
  ],
  ['Helm owning the status only', [by('helm', imageOf('web'), { subresource: 'status' })], undefined],
  ['fields that nobody can read', [by('helm', 'garbage'), by('helm', null)], undefined],
])('%s', (_, managedFields, code) => {
  const verdict = judgeImageOwner(buildWorkload({ managedFields }), WEB, false);
  expect(verdict.ok ? undefined : verdict.code).toBe(code);
});

test('a refusal names container, workload and owner, and what taking ownership would mean', () => {
  const verdict = judgeImageOwner(buildWorkload({ managedFields: [by('helm')] }), WEB, false);
  const reason = verdict.ok ? '' : verdict.reason;
  for (const part of ['container web', 'Deployment shop/web', 'Helm', 'takeOwnership', 'helm upgrade']) {
    expect(reason).toContain(part);
  }
});

test('taking ownership is let through with its consequence', () => {
  const verdict = judgeImageOwner(buildWorkload({ managedFields: [by('argocd-controller')] }), WEB, true);
  expect(verdict).toEqual({ ok: true, consequence: expect.stringContaining('Argo CD') });
});

test('owners are told once each, in the order of the API server', () => {
  const managedFields = [by('helm'), by('kubectl'), by('helm', imageOf('web'), { operation: 'Apply' })];
  expect(findImageOwners(buildWorkload({ managedFields }), WEB)).toEqual(['helm', 'kubectl']);
});
