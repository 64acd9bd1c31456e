import { describe, expect, it } from 'vitest';
import { apiVersionOf } from '../../../functions/upgrade/deprecations/api-row.ts';
import { COMPONENT_ROWS } from '../../../functions/upgrade/deprecations/others.ts';
import {
  API_ROWS,
  listRuledResources,
  lookupApi,
  lookupRuledApi,
  lookupRuledResource,
  ruledApiVersionsOf,
  TABLE_SOURCE,
} from '../../../functions/upgrade/deprecations/table.ts';

const ruled = listRuledResources().map(({ group, kind }) => `${group}/${kind}`);

describe('the tables of deprecations', () => {
  it('name the module of the newest Kubernetes they know', () => {
    expect(TABLE_SOURCE.modules[0]).toMatch(/^k8s\.io\/api@v0\.\d+\.\d+$/);
  });

  it('have one row for each version and kind', () => {
    const keys = API_ROWS.map((row) => `${apiVersionOf(row)} ${row.kind}`);
    expect(keys.length).toBe(new Set(keys).size);
  });

  it('have what lies in modules of their own', () => {
    expect(lookupApi('apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition')).toMatchObject({
      removed: '1.22',
      resource: 'customresourcedefinitions',
      clusterScoped: true,
    });
    expect(lookupApi('apiregistration.k8s.io/v1beta1', 'APIService')).toMatchObject({ removed: '1.22' });
  });

  it('know which version of a component ends an API', () => {
    expect(lookupApi('cert-manager.io/v1alpha2', 'ClusterIssuer')).toMatchObject({
      component: 'cert-manager',
      deprecated: '1.4',
      removed: '1.6',
      clusterScoped: true,
    });
  });

  it.each(COMPONENT_ROWS.map((row) => [`${apiVersionOf(row)} ${row.kind}`, row] as const))(
    '%s has a page that says so',
    (_, { link }) => {
      expect(link).toMatch(/^https:\/\//);
    },
  );

  it('rule no version that stays', () => {
    expect(lookupRuledApi('apps/v1', 'Deployment')).toBeUndefined();
    expect(lookupRuledApi('v1', 'Pod')).toBeUndefined();
    expect(lookupRuledApi('apps/v1beta1', 'Deployment')).toBeDefined();
    expect(lookupRuledApi('shop.example.com/v1beta1', 'Deployment')).toBeUndefined();
  });

  it('find a row by the resource in a URL', () => {
    expect(lookupRuledResource('policy', 'v1beta1', 'poddisruptionbudgets')?.kind).toBe(
      'PodDisruptionBudget',
    );
    expect(lookupRuledResource('networking.k8s.io', 'v1beta1', 'ingresses')?.kind).toBe('Ingress');
    expect(lookupRuledResource('policy', 'v1', 'poddisruptionbudgets')).toBeUndefined();
  });

  it('know the versions of a kind in all its groups', () => {
    expect(ruledApiVersionsOf('Ingress')).toEqual(['extensions/v1beta1', 'networking.k8s.io/v1beta1']);
    expect(ruledApiVersionsOf('Pod')).toEqual([]);
  });
});

describe('resources worth a scan', () => {
  it.each([
    'apps/Deployment',
    'autoscaling/HorizontalPodAutoscaler',
    'networking.k8s.io/Ingress',
    'policy/PodDisruptionBudget',
    'resource.k8s.io/ResourceSlice',
    'storage.k8s.io/VolumeAttributesClass',
    'cert-manager.io/Certificate',
    'snapshot.storage.k8s.io/VolumeSnapshot',
  ])('include %s', (resource) => {
    expect(ruled).toContain(resource);
  });

  it.each([
    ['no version of it ends', '/Pod'],
    ['no version of it ends', 'batch/Job'],
    ['a review cannot be listed', 'authentication.k8s.io/TokenReview'],
    ['a subresource cannot be listed', 'policy/Eviction'],
    ['it is a document of discovery', 'apidiscovery.k8s.io/APIGroupDiscovery'],
    ['it is gone after an hour', 'events.k8s.io/Event'],
    ['kubelets renew it every few seconds', 'coordination.k8s.io/Lease'],
    ['Deployments make it', 'apps/ReplicaSet'],
  ])('leave out, because %s, %s', (_, resource) => {
    expect(ruled).not.toContain(resource);
  });

  it('are named once each, with their plural', () => {
    expect(ruled.length).toBe(new Set(ruled).size);
    expect(listRuledResources()).toContainEqual({
      group: 'networking.k8s.io',
      kind: 'Ingress',
      resource: 'ingresses',
    });
  });
});
