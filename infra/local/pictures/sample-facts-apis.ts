import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { read } from './sample-names.ts';

/** By which API versions objects of the pictures were written: a storage class by hand, a policy by an old chart. */
export const API_FACTS = {
  served: read(),
  usedApis: read({
    kind: 'VolumeAttributesClass',
    namespace: '',
    name: 'gold',
    evidence: [{ source: 'last-applied', apiVersion: 'storage.k8s.io/v1beta1', confidence: 'high' }],
  }),
  requestedApis: read({
    group: 'storage.k8s.io',
    version: 'v1beta1',
    resource: 'volumeattributesclasses',
    subresource: '',
    removedRelease: '1.37',
    requests: 2_115,
  }),
  helm: read(
    {
      namespace: 'gitlab',
      name: 'gitlab',
      revision: 31,
      chart: 'gitlab',
      chartVersion: '10.2.4',
      appVersion: 'v19.2.4',
      objects: [],
      faults: [],
    },
    {
      namespace: 'platform',
      name: 'policies',
      revision: 4,
      chart: 'policies',
      chartVersion: '2.1.0',
      appVersion: '2.1.0',
      objects: [
        {
          kind: 'ValidatingAdmissionPolicy',
          namespace: '',
          name: 'require-labels',
          evidence: [
            {
              source: 'helm',
              apiVersion: 'admissionregistration.k8s.io/v1beta1',
              confidence: 'high',
              release: 'platform/policies',
              template: 'policies/templates/require-labels.yaml',
            },
          ],
        },
      ],
      faults: [],
    },
  ),
} satisfies ClusterFacts;
