import { describe, expect, it } from 'vitest';
import { apiVersionOf } from '../../../functions/upgrade/deprecations/api-row.ts';
import { findSuccessor, judgeApi, type Standing } from '../../../functions/upgrade/deprecations/judgement.ts';
import { lookupApi } from '../../../functions/upgrade/deprecations/table.ts';

const rowOf = (api: string) => {
  const [apiVersion = '', kind = ''] = api.split(' ');
  const row = lookupApi(apiVersion, kind);
  if (!row) throw new Error(`the tables have no ${api}`);
  return row;
};

const stepTo = (to: string) => ({ from: `1.${Number(to.slice(2)) - 1}`, to });

describe('judging an API at a step', () => {
  it.each<[string, string, Standing]>([
    ['policy/v1beta1 PodDisruptionBudget', '1.20', 'fine'],
    ['policy/v1beta1 PodDisruptionBudget', '1.21', 'deprecated'],
    ['policy/v1beta1 PodDisruptionBudget', '1.24', 'deprecated'],
    ['policy/v1beta1 PodDisruptionBudget', '1.25', 'removed'],
    ['policy/v1beta1 PodDisruptionBudget', '1.26', 'already-removed'],
    ['storage.k8s.io/v1beta1 VolumeAttributesClass', '1.37', 'removed'],
    ['networking.k8s.io/v1beta1 ServiceCIDR', '1.37', 'removed'],
    ['flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema', '1.32', 'removed'],
    ['resource.k8s.io/v1beta1 DeviceClass', '1.37', 'deprecated'],
    ['resource.k8s.io/v1beta1 DeviceClass', '1.38', 'removed'],
    ['apps/v1 Deployment', '1.99', 'fine'],
    // The marker says 1.40, but 1.35 no longer had the type.
    ['certificates.k8s.io/v1alpha1 PodCertificateRequest', '1.35', 'removed'],
    // Nobody has set an end: 1.38 is the default of the generator.
    ['admissionregistration.k8s.io/v1alpha1 MutatingAdmissionPolicy', '1.38', 'deprecated'],
    // Components end with their own releases.
    ['cert-manager.io/v1alpha2 Certificate', '1.37', 'deprecated'],
  ])('%s at the step to %s is %s', (api, to, standing) => {
    expect(judgeApi(rowOf(api), stepTo(to))).toBe(standing);
  });
});

describe('what to write instead', () => {
  it.each([
    ['extensions/v1beta1 Ingress', '1.22', 'networking.k8s.io/v1 Ingress'],
    ['autoscaling/v2beta1 HorizontalPodAutoscaler', '1.25', 'autoscaling/v2 HorizontalPodAutoscaler'],
    // Its marker names a version that is gone itself by now.
    ['flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema', '1.33', 'flowcontrol.apiserver.k8s.io/v1 FlowSchema'],
    // Its marker names the list.
    ['networking.k8s.io/v1beta1 IngressClass', '1.22', 'networking.k8s.io/v1 IngressClass'],
    // It has no marker at all.
    ['resource.k8s.io/v1beta1 DeviceClass', '1.38', 'resource.k8s.io/v1 DeviceClass'],
    // v1 comes with the step, v1beta1 is there on both sides of it.
    [
      'certificates.k8s.io/v1alpha1 ClusterTrustBundle',
      '1.37',
      'certificates.k8s.io/v1beta1 ClusterTrustBundle',
    ],
    [
      'gateway.networking.k8s.io/v1alpha2 ReferencePolicy',
      '1.36',
      'gateway.networking.k8s.io/v1beta1 ReferenceGrant',
    ],
  ])('%s at the step to %s becomes %s', (api, to, successor) => {
    const found = findSuccessor(rowOf(api), stepTo(to));
    expect(found && `${apiVersionOf(found)} ${found.kind}`).toBe(successor);
    expect(found?.availableFrom).toBeUndefined();
  });

  it('a version that comes with the step itself says from when on it is there', () => {
    expect(findSuccessor(rowOf('policy/v1beta1 PodDisruptionBudget'), { from: '1.20', to: '1.21' })).toEqual({
      group: 'policy',
      version: 'v1',
      kind: 'PodDisruptionBudget',
      availableFrom: '1.21',
    });
  });

  it.each([
    ['policy/v1beta1 PodSecurityPolicy', '1.25'],
    ['authentication.istio.io/v1alpha1 MeshPolicy', '1.36'],
    ['networking.k8s.io/v1alpha1 ClusterCIDR', '1.29'],
    // Only another alpha version is left, and EKS serves none.
    ['coordination.k8s.io/v1alpha1 LeaseCandidate', '1.32'],
  ])('%s has no successor at the step to %s', (api, to) => {
    expect(findSuccessor(rowOf(api), stepTo(to))).toBeUndefined();
  });
});
